//! What the people of the prover's world did before: sign-ins, invitations, consent to support.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::call::Call;
use super::document::Operation;
use super::world::{Fixture, Tenant, World};

impl World {
    /// Another organization that the tenant's owner has joined.
    pub(super) async fn joined(&self, tenant: &Tenant) -> String {
        let id = uuid::Uuid::new_v4();
        let join = "WITH made AS (
                INSERT INTO platform.tenants (id, slug, name, status, shard)
                VALUES ($1::uuid, 'joined-' || replace($1::uuid::text, '-', ''), 'Joined', 'active', 0) RETURNING id
            ) INSERT INTO platform.memberships (user_id, tenant_id, role)
            SELECT u.id, made.id, 'viewer' FROM made, platform.users u WHERE u.email = $2";
        self.superuser.execute(join, &[&id, &tenant.email]).await.expect("a membership");
        id.to_string()
    }

    /// An operator's access to a tenant, to which the tenant consents.
    pub async fn support(&self, tenant: &Tenant) -> Value {
        let id = tenant.organization.tenant();
        self.consent(&id.to_string()).await;
        let body = json!({ "reason": "a question", "minutes": 60 });
        let path = format!("/operator/tenants/{id}/support-access");
        self.operator.client().post(&path, body).await.expect(201).body
    }

    pub(super) async fn consent(&self, tenant: &str) {
        let sql = "UPDATE platform.tenants SET support_consent = 'write' WHERE id::text = $1";
        self.superuser.execute(sql, &[&tenant]).await.expect("consent");
    }

    /// The token of an invitation of the tenant's owner into another organization.
    pub(super) async fn invited(&self, tenant: &Tenant) -> String {
        let token = uuid::Uuid::new_v4().to_string();
        let invite = "WITH made AS (
                INSERT INTO platform.tenants (id, slug, name, status, shard)
                VALUES (gen_random_uuid(), 'inviting-' || left($1::text, 8), 'Inviting', 'active', 0) RETURNING id
            ) INSERT INTO platform.invitations (id, tenant_id, email, role, token_hash, expires_at, by_operator)
            SELECT gen_random_uuid(), id, $2, 'viewer', sha256(convert_to($1::text, 'UTF8')), now() + interval '1 day', true
            FROM made";
        self.superuser.execute(invite, &[&token, &tenant.email]).await.expect("an invitation");
        token
    }

    /// A further sign-in of the tenant's owner.
    pub(super) async fn sign_in(&self, tenant: &Tenant) -> Value {
        let reply = self.platform.anonymous().post("/auth/login", tenant.login()).await;
        reply.expect(200).body
    }

    /// Who works where: two contacts for the latest company, and the latest contact for two.
    pub(super) async fn positions(&self, tenant: &Tenant, made: &BTreeMap<String, Vec<Fixture>>) {
        let (contacts, companies) = (&made["/api/v1/contacts"], &made["/api/v1/companies"]);
        for (contact, company) in
            contacts.iter().flat_map(|contact| companies.iter().map(move |company| (contact, company)))
        {
            let place = format!("/contacts/{}/companies/{}", contact.id, company.id);
            tenant.owner.put_json(&place, json!({ "title": tenant.sampler.canary })).await.expect(200);
        }
    }

    /// What happened with records and what is to be done: their lists have a second page.
    pub(super) async fn notes(&self, tenant: &Tenant, made: &BTreeMap<String, Vec<Fixture>>) {
        for (path, about) in [
            ("/api/v1/contacts", "contact_id"),
            ("/api/v1/companies", "company_id"),
            ("/api/v1/deals", "deal_id"),
            ("/api/v1/projects", "project_id"),
        ] {
            for record in made[path].iter().flat_map(|record| [record, record]) {
                let note = json!({ "kind": "note", "body": tenant.sampler.canary, about: record.id });
                tenant.owner.post("/activities", note).await.expect(201);
            }
        }
        for project in made["/api/v1/projects"].iter().flat_map(|record| [record, record]) {
            let task = json!({ "title": tenant.sampler.canary, "project_id": project.id });
            tenant.owner.post("/tasks", task).await.expect(201);
        }
    }
}

/// Has everybody of an organization signed in a moment ago: some operations want a sign-in of the last 15 minutes, and on a slow machine the first ones are
/// older by now.
pub async fn sign_in_again(superuser: &Client, tenant: &Tenant) {
    let again = "UPDATE platform.sessions SET signed_in_at = now()
        WHERE tenant_id = $1 AND signed_in_at < now() - interval '5 minutes'";
    superuser.execute(again, &[&tenant.organization.tenant().as_uuid()]).await.expect("the sessions");
}

/// What is taken away has to be there.
pub async fn put_there(tenant: &Tenant, operation: &Operation, call: &Call) {
    if ["contacts_companies_delete", "projects_members_remove"].contains(&operation.id.as_str()) {
        assert!(tenant.owner.put_json(&call.target(), json!({})).await.status.is_success());
    }
}

//! The prover's world: a platform, its document, and two tenants with records marked by their canaries.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOperator, TestOrganization, TestPlatform};
use tokio::sync::OnceCell;
use tokio_postgres::Client;

use super::appointments;
use super::calendar;
use super::call::Call;
use super::clinic;
use super::deals;
use super::document::{Document, Operation, Place, Scope, Spot};
use super::handover;
use super::hints::HINTS;
use super::origin::{ORIGINS, Origin};
use super::own_fields;
use super::people;
use super::real_estate;
use super::restored;
use super::sample::{PASSWORD, Sampler};
use super::snapshot::snapshot;
use super::viewings;
use super::webhooks;

/// Parameters that a valid request does without: one needs a page before it, the other takes the token's place.
const LEFT_OUT: [&str; 2] = ["cursor", "ticket"];

pub struct World {
    pub platform: TestPlatform,
    pub document: Document,
    pub superuser: Client,
    pub operator: TestOperator,
    /// A tenant that only operators' requests name.
    operated: OnceCell<Fixture>,
    /// Of the password that everybody has.
    pub password_hash: String,
    pub a: Tenant,
    pub b: Tenant,
}

/// How many filters a request has: one less than it may have.
const FILTERS: usize = 9;

/// A tenant, who acts in it, and what was made in it.
pub struct Tenant {
    pub organization: TestOrganization,
    pub owner: TestClient,
    pub sampler: Sampler,
    pub email: String,
}

/// A record that was made for a request.
#[derive(Clone, Debug)]
pub struct Fixture {
    pub id: String,
    pub etag: String,
}

impl World {
    /// Two tenants with all modules.
    pub async fn start() -> Self {
        let platform = super::notices::platform().await;
        let document = Document::read(&platform.anonymous().get("/openapi.json").await.expect(200).body);
        let superuser = platform.database().superuser().await;
        let (a, b) = (Tenant::register(&platform).await, Tenant::register(&platform).await);
        for module in tenantry::MODULES {
            a.organization.enable(module).await;
            b.organization.enable(module).await;
        }
        clinic::practise(&superuser, &a).await;
        clinic::practise(&superuser, &b).await;
        let operator = platform.operator().await;
        let hash = superuser.query_one("SELECT password_hash FROM platform.users LIMIT 1", &[]).await;
        let password_hash = hash.expect("a person").get(0);
        Self { platform, document, superuser, operator, operated: OnceCell::new(), password_hash, a, b }
    }

    /// Who may call an operation: the operator, or the tenant's owner.
    pub fn client<'a>(&'a self, tenant: &'a Tenant, operation: &Operation) -> &'a TestClient {
        if operation.scope == Scope::Operator { self.operator.client() } else { &tenant.owner }
    }

    /// Several records of each collection in a tenant, and every id that an outsider could try there.
    pub async fn fill(&self, tenant: &Tenant) -> BTreeMap<String, Vec<Fixture>> {
        let mut made = BTreeMap::new();
        for operation in self.collections() {
            let records = vec![self.make(tenant, operation).await, self.make(tenant, operation).await];
            made.insert(operation.path.clone(), records);
        }
        self.consents(tenant).await;
        self.positions(tenant, &made).await;
        self.notes(tenant, &made).await;
        deals::second_pages(&self.superuser, tenant).await;
        real_estate::second_pages(&self.superuser, tenant).await;
        handover::second_pages(&self.superuser, tenant).await;
        viewings::second_pages(&self.superuser, tenant).await;
        clinic::second_pages(&self.superuser, tenant).await;
        for n in [0, 0, 1, 1] {
            let canary = &tenant.sampler.canary;
            let same = json!({ "last_name": canary, "email": format!("{canary}-same-{n}@example.com") });
            tenant.owner.post("/contacts", same).await.expect(201);
        }
        webhooks::runs(&self.superuser, tenant).await;
        for (path, origin) in ORIGINS {
            let records = vec![self.made_by(tenant, origin).await, self.made_by(tenant, origin).await];
            made.insert(path.to_owned(), records);
        }
        made
    }

    /// Where the record comes from that a place names, if no POST makes it.
    pub fn origin(&self, operation: &Operation, spot: &Spot) -> Option<Origin> {
        if spot.place != Place::Path && ["user_id", "owner_id", "assignee_id", "agent_id"].contains(&spot.field()) {
            return Some(Origin::Member);
        }
        let collection = if spot.place == Place::Path { operation.collection_of(&spot.name) } else { return None };
        ORIGINS.iter().find(|(path, _)| *path == collection).map(|(_, origin)| *origin)
    }

    async fn made_by(&self, tenant: &Tenant, origin: Origin) -> Fixture {
        let id = match origin {
            Origin::Tenant => tenant.organization.tenant().to_string(),
            Origin::Member => {
                let member = tenant.organization.viewer().await.get("/users/me").await.expect(200);
                member.id().to_owned()
            }
            Origin::Joined => self.joined(tenant).await,
            Origin::Change => {
                let sql = format!("SELECT id::text FROM {}.journal LIMIT 1", tenant.organization.tenant().schema());
                self.superuser.query_one(&sql, &[]).await.expect("a change").get(0)
            }
            Origin::Deletion => restored::deletion(&self.superuser, tenant).await,
            Origin::Delivery => webhooks::delivery(&self.superuser, tenant).await,
            Origin::PatientMerge => clinic::merged(self, tenant).await,
            Origin::Support => self.support(tenant).await["access"]["id"].as_str().expect("an id").to_owned(),
            Origin::SignIn => {
                let token = self.sign_in(tenant).await["access_token"].as_str().expect("a token").to_owned();
                let sessions = self.platform.client(&token).get("/auth/sessions").await.expect(200);
                let current = sessions.items().iter().find(|session| session["current"] == true);
                current.expect("the session")["id"].as_str().expect("an id").to_owned()
            }
        };
        Fixture { id, etag: "\"1\"".to_owned() }
    }

    /// The operations that make records which other operations take by id.
    pub fn collections(&self) -> impl Iterator<Item = &Operation> {
        self.document
            .operations
            .iter()
            .filter(|operation| operation.method == Method::POST && self.is_collection(operation))
    }

    fn is_collection(&self, post: &Operation) -> bool {
        let item = format!("{}/{{", post.path);
        !ORIGINS.iter().any(|(path, _)| *path == post.path)
            && self.document.operations.iter().any(|operation| operation.path.starts_with(&item))
    }

    /// Makes a record, and those that it refers to.
    pub async fn make(&self, tenant: &Tenant, post: &Operation) -> Fixture {
        // To make a tenant takes long, and one does for all.
        if post.id == "operator_tenants_create" {
            let operated = self.operated.get_or_init(async || self.make_new(tenant, post).await).await.clone();
            self.consent(&operated.id).await;
            let now = self.operator.client().get(&format!("/operator/tenants/{}", operated.id)).await.expect(200);
            return Fixture { etag: now.header("etag").to_owned(), ..operated };
        }
        self.make_new(tenant, post).await
    }

    async fn make_new(&self, tenant: &Tenant, post: &Operation) -> Fixture {
        if post.id == "roles_create" {
            // There may be a hundred at once. What an attack made long ago is in nobody's hands any more.
            let sql = "DELETE FROM platform.custom_roles WHERE id IN
                (SELECT id FROM platform.custom_roles r WHERE tenant_id = $1
                    AND NOT EXISTS (SELECT 1 FROM platform.memberships m WHERE m.role = r.key)
                 ORDER BY created_at DESC OFFSET 60)";
            self.superuser.execute(sql, &[&tenant.organization.tenant().as_uuid()]).await.expect("room for roles");
        }
        if post.id == "webhooks_create" {
            webhooks::make_room(&self.superuser, tenant).await;
        }
        if post.id == "rules_create" {
            webhooks::make_room_for_rules(&self.superuser, tenant).await;
        }
        if post.id == "custom_fields_create" {
            own_fields::make_room(&self.superuser, tenant).await;
        }
        if post.id == "pipelines_create" {
            deals::make_room(&self.superuser, tenant).await;
        }
        let call = Box::pin(self.valid(tenant, post)).await;
        let reply = call.send(self.client(tenant, post)).await.expect(post.success);
        // What is made in numbers comes back as a list.
        let ids = [&reply.body["id"], &reply.body["access"]["id"], &reply.body["items"][0]["id"]];
        let id = ids.into_iter().find_map(Value::as_str);
        Fixture { id: id.expect("an id").to_owned(), etag: reply.header("etag").to_owned() }
    }

    /// A request that the tenant's owner may make with success, with records of its own.
    pub async fn valid(&self, tenant: &Tenant, operation: &Operation) -> Call {
        people::sign_in_again(&self.superuser, tenant).await;
        let body = operation.body.as_ref().map(|body| tenant.sampler.value(&self.document, "", body));
        let mut call = Call::new(operation, body);
        let mut etag = "\"1\"".to_owned();
        let mut filters = 0;
        for spot in self.document.spots(operation) {
            let name = spot.name.rsplit('/').next().expect("a name");
            if spot.name.starts_with("filter[") {
                filters += 1;
                if filters > FILTERS {
                    continue;
                }
            }
            if let Some(origin) = self.origin(operation, &spot) {
                call.set(&spot, &self.made_by(tenant, origin).await.id);
            } else if let Some(post) = self.referred(operation, &spot) {
                let record = self.make(tenant, post).await;
                call.set(&spot, &record.id);
                etag = record.etag;
            } else if spot.place == Place::Header {
                let known = ["If-Match", "Last-Event-ID"];
                assert!(
                    known.contains(&spot.name.as_str()),
                    "{}: teach the prover the header {}",
                    operation.id,
                    spot.name
                );
            } else if let Some(text) = hint(operation, &spot) {
                call.set(&spot, text);
            } else if spot.place != Place::Body && !LEFT_OUT.contains(&name) {
                call.set(&spot, &text_of(tenant.sampler.value(&self.document, name, &spot.schema)));
            }
        }
        if ["/api/v1/organization", "/api/v1/notification-settings"].contains(&operation.path.as_str()) {
            let now = tenant.owner.get(&operation.path).await.expect(200);
            etag = now.header("etag").to_owned();
            if let Some(spot) = operation.parameters.iter().find(|spot| spot.name == "name") {
                call.set(spot, now.body["name"].as_str().expect("a name"));
            }
        }
        if let Some(spot) = operation.parameters.iter().find(|spot| spot.name == "If-Match") {
            call.set(spot, &etag);
        }
        if operation.success == 101 {
            call = call.with_handshake();
        }
        people::put_there(tenant, operation, &call).await;
        own_fields::mend(&mut call);
        if operation.id == "auth_login" {
            call.body = Some(tenant.login());
        }
        deals::fit(self, tenant, operation, &mut call).await;
        calendar::fit(tenant, operation, &mut call).await;
        real_estate::fit(self, tenant, operation, &mut call).await;
        handover::fit(self, tenant, operation, &mut call).await;
        viewings::fit(self, tenant, operation, &mut call).await;
        clinic::fit(self, tenant, operation, &mut call).await;
        appointments::fit(self, tenant, operation, &mut call).await;
        self.set_token(tenant, &mut call).await;
        self.set_notice(tenant, operation, &mut call).await;
        if operation.id == "invitations_accept" {
            let email = format!("{}-{}@example.com", tenant.sampler.canary, uuid::Uuid::new_v4().simple());
            let invite = json!({ "emails": [email], "role": "viewer" });
            tenant.owner.post("/invitations", invite).await.expect(201);
            let token = self.platform.token_to(&email).await;
            call.body = Some(json!({ "token": token, "name": tenant.sampler.canary, "password": PASSWORD }));
        }
        if operation.id == "users_me_organizations_join" {
            call.body = Some(json!({ "token": self.invited(tenant).await }));
        }
        if operation.id == "auth_refresh" {
            call.body = Some(json!({ "refresh_token": self.sign_in(tenant).await["refresh_token"] }));
        }
        if operation.id == "operator_login" {
            call.body = Some(json!({ "email": self.operator.email(), "password": PASSWORD }));
        }
        call
    }

    /// The operation that makes the records which a place takes the id of.
    pub fn referred(&self, operation: &Operation, spot: &Spot) -> Option<&Operation> {
        let name = spot.field();
        let found = match (spot.place, name.strip_suffix("_id")) {
            // A row of many is about a record of the collection.
            (Place::Body, None) if name == "id" => {
                operation.path.strip_suffix("/bulk").and_then(|path| self.document.find(&Method::POST, path))
            }
            (Place::Body, _)
                if operation.path.starts_with("/api/v1/merges") && ["/keep", "/merge/0"].contains(&&*spot.name) =>
            {
                self.document.find(&Method::POST, "/api/v1/contacts")
            }
            (Place::Body, None) if name == "into" => self.records_of("patient"),
            (Place::Body, Some("record")) => self.document.find(&Method::POST, "/api/v1/contacts"),
            (Place::Path, stem) => {
                let own = self.document.find(&Method::POST, operation.collection_of(name));
                own.or_else(|| self.records_of(stem?))
            }
            (_, Some(stem)) => self.records_of(stem),
            (Place::Body, None) => self.records_of(of_several(&spot.name)?),
            _ => None,
        };
        let id = spot.place == Place::Path || spot.schema["format"] == "uuid";
        assert!(
            found.is_some() || !id || hint(operation, spot).is_some() || self.origin(operation, spot).is_some(),
            "{}: what is {}? Add a collection with POST, a value in hints.rs, or where it comes from in origin.rs",
            operation.id,
            spot.name
        );
        found
    }

    fn records_of(&self, stem: &str) -> Option<&Operation> {
        let stem = ["primary_", "guardian_", "grantee_"].iter().fold(stem, |stem, of| stem.trim_start_matches(of));
        let stem = match stem {
            // Merges are from one patient into another.
            "from" | "into" => "patient",
            "applicant" => "contact",
            "device" => "room",
            stem => stem,
        };
        self.collections().find(|post| post.path.ends_with(&format!("/{}", plural(stem))))
    }

    /// Whether a place takes the id of a record.
    pub fn names_a_record(&self, operation: &Operation, spot: &Spot) -> bool {
        self.origin(operation, spot).is_some() || self.referred(operation, spot).is_some()
    }

    /// Sends an owner's request, and undoes what would keep the next one from succeeding.
    pub async fn send(&self, tenant: &Tenant, client: &TestClient, call: &Call) -> Reply {
        let reply = self.with_second_factor(call).await.send(client).await;
        if reply.status.is_success() {
            self.tidy(tenant, call).await;
        }
        reply
    }

    /// Every row of a tenant.
    pub async fn snapshot(&self, tenant: &Tenant) -> Vec<String> {
        snapshot(&self.superuser, tenant.organization.tenant()).await
    }
}

impl Tenant {
    pub async fn register(platform: &TestPlatform) -> Self {
        let sampler = Sampler::new();
        let organization = platform.organization(&sampler.canary).await;
        let owner = organization.owner().clone();
        let me = owner.get("/users/me").await.expect(200);
        Self { organization, owner, sampler, email: me.body["email"].as_str().expect("an address").to_owned() }
    }

    /// The body of its owner's sign-in.
    pub(super) fn login(&self) -> Value {
        json!({
            "email": self.email, "password": PASSWORD, "organization": self.organization.slug(), "code": null,
        })
    }
}

fn hint(operation: &Operation, spot: &Spot) -> Option<&'static str> {
    let collection = if spot.place == Place::Path { operation.collection_of(&spot.name) } else { "" };
    let found =
        HINTS.iter().find(|(path, name, _)| *path == collection && *name == spot.name).map(|(_, _, value)| *value);
    // The same name may stand for a choice of other words.
    found.filter(|value| spot.schema["enum"].as_array().is_none_or(|words| words.iter().any(|word| word == value)))
}

/// What one of several ids is of: `/stage_ids/0` is that of a stage.
fn of_several(pointer: &str) -> Option<&str> {
    pointer.strip_prefix('/')?.strip_suffix("/0")?.strip_suffix("_ids")
}

fn plural(stem: &str) -> String {
    let stem = stem.replace('_', "-");
    if stem == "series" {
        return stem;
    }
    match stem.strip_suffix('y') {
        Some(root) => format!("{root}ies"),
        None if stem.ends_with('s') => format!("{stem}es"),
        None => format!("{stem}s"),
    }
}

/// A value as it stands in a path or a query.
fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

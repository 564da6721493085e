//! An organization of a test, with a client for each role.

use serde_json::json;
use uuid::Uuid;

use super::client::{Reply, TestClient};
use super::{PASSWORD, TestPlatform};
use crate::identity::{Home, Subject};
use crate::notify::Notice;
use crate::permission::{HeldRole, RecordScope, Role, RoleKey};
use crate::tenancy::{Access, Actor, ActorKind, Entry, Right, Shard, TenantId};

/// An organization that was registered over HTTP.
pub struct TestOrganization {
    tenant: TenantId,
    shard: Shard,
    slug: String,
    email: String,
    owner: TestClient,
    staff: Staff,
}

/// What it takes to add people without the invitations that they would need outside of tests.
struct Staff {
    platform: crate::platform::Platform,
    database: tokio_postgres::Client,
    anonymous: TestClient,
}

impl TestOrganization {
    pub(super) async fn register(platform: &TestPlatform, name: &str) -> Self {
        let email = format!("owner-{}@example.com", Uuid::new_v4().simple());
        let body = json!({
            "email": email,
            "password": PASSWORD,
            "name": format!("Owner of {name}"),
            "organization": { "name": name },
        });
        let reply = platform.anonymous().post("/auth/register", body).await.expect(201);
        let organization = reply.body["organization"].clone();
        let tenant = Uuid::parse_str(organization["id"].as_str().expect("an id")).expect("a UUID");
        let database = platform.database().superuser().await;
        let shard = database.query_one("SELECT shard FROM platform.tenants WHERE id = $1", &[&tenant]).await;
        Self {
            tenant: tenant.into(),
            shard: Shard(shard.expect("a row").get(0)),
            email,
            slug: organization["slug"].as_str().expect("a slug").to_owned(),
            owner: platform.client(reply.body["access_token"].as_str().expect("a token")),
            staff: Staff { platform: platform.platform().clone(), database, anonymous: platform.anonymous() },
        }
    }

    /// Its identity.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Its short name.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Who registered it.
    pub fn owner(&self) -> &TestClient {
        &self.owner
    }

    /// The owner's address.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Signs the owner in once more, to the organization of a short name.
    pub async fn sign_in(&self, slug: Option<&str>) -> TestClient {
        let reply = self.try_sign_in(slug).await.expect(200);
        self.staff.anonymous.with_token(reply.body["access_token"].as_str().expect("a token"))
    }

    /// The same, where it may be refused.
    pub async fn try_sign_in(&self, slug: Option<&str>) -> Reply {
        let mut body = json!({ "email": self.email, "password": PASSWORD });
        if let Some(slug) = slug {
            body["organization"] = slug.into();
        }
        self.staff.anonymous.post("/auth/login", body).await
    }

    /// Enables a module.
    pub async fn enable(&self, module: &str) {
        self.owner.put(&format!("/modules/{module}")).await.expect(200);
    }

    /// A team of these people; the path of it.
    pub async fn team(&self, name: &str, people: &[&TestClient]) -> String {
        let made = self.owner.post("/teams", json!({ "name": name })).await.expect(201);
        let path = made.header("location");
        for person in people {
            let user = person.get("/users/me").await.expect(200);
            self.owner.put(&format!("{path}/members/{}", user.id())).await.expect(204);
        }
        path.to_owned()
    }

    /// Posts notices in a transaction inside of the organization, as operations of modules do. They are sent if `keep`.
    pub async fn notify(&self, notices: impl IntoIterator<Item = Notice>, keep: bool) {
        let platform = &self.staff.platform;
        let claims = platform.verify(self.owner.token()).await.expect("the keys").expect("claims");
        let actor = Actor {
            kind: ActorKind::Person,
            user: Some(claims.user),
            session: Some(claims.session),
            address: None,
            operation: "test",
            request: None,
        };
        let right = Right::Session { id: claims.session, role: Role::Owner.into(), scope: RecordScope::All, actor };
        let entry = Entry { tenant: self.tenant, shard: self.shard, module: None, right };
        let mut tx = platform.door().transaction(entry, Access::Write).await.expect("a transaction");
        tx.run(platform.notify().post_all(notices)).await.expect("notices that are posted");
        if keep { tx.commit().await } else { tx.roll_back().await }.expect("an end of the transaction");
    }

    /// A new viewer.
    pub async fn viewer(&self) -> TestClient {
        self.person(Role::Viewer).await
    }

    /// A new member.
    pub async fn member(&self) -> TestClient {
        self.person(Role::Member).await
    }

    /// A new admin.
    pub async fn admin(&self) -> TestClient {
        self.person(Role::Admin).await
    }

    /// A new person with a role of the organization's own, which allows this much.
    pub async fn with_permissions(&self, permissions: &[&str]) -> TestClient {
        self.with_scope(permissions, RecordScope::All).await
    }

    /// The same, for these records.
    pub async fn with_scope(&self, permissions: &[&str], scope: RecordScope) -> TestClient {
        let body = json!({ "name": Uuid::new_v4().to_string(), "permissions": permissions, "scope": scope });
        let made = self.owner.post("/roles", body).await.expect(201);
        let key = RoleKey::Custom { id: Uuid::parse_str(made.id()).expect("a UUID"), version: 1 };
        let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
        self.person(HeldRole { key, permissions, scope }).await
    }

    /// A new person with a role, signed in.
    pub async fn person(&self, role: impl Into<HeldRole>) -> TestClient {
        let role = role.into();
        let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
        let word = role.key.role().built_in().map_or("custom", Role::as_str);
        let email = format!("{word}-{}@example.com", user.simple());
        let tenant = self.tenant.as_uuid();
        let password_hash = super::password_hash(&self.staff.platform).await;
        self.staff
            .database
            .execute(
                "WITH person AS (
                    INSERT INTO platform.users (id, email, name, password_hash) VALUES ($1, $2, $2, $6)
                 ), membership AS (
                    INSERT INTO platform.memberships (user_id, tenant_id, role, role_tenant)
                    VALUES ($1, $3, $4::text, CASE WHEN $4::text LIKE 'custom:%' THEN $3::uuid END)
                 )
                 INSERT INTO platform.sessions (id, user_id, tenant_id, role, tenant_status, expires_at)
                 VALUES ($5, $1, $3, $4, 'active', now() + interval '1 hour')",
                &[&user, &email, &tenant, &role.key.to_string(), &session, &password_hash],
            )
            .await
            .expect("a person");
        let home = Some(Home { tenant: self.tenant, shard: self.shard, role });
        let subject = Subject { user, session, home, support: false };
        self.staff.anonymous.with_token(&self.staff.platform.tokens().sign(&subject).expect("a token"))
    }
}

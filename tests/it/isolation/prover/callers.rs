//! Every operation, called by everybody: the document's permissions, the committed table and the answers agree.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use tenantry_core::config::IdentityConfig;
use tenantry_core::identity::{Home, Subject, Tokens};
use tenantry_core::permission::{RecordScope, Role};
use tenantry_core::testing::TestClient;

use super::clinic;
use super::document::{Operation, Place, Scope};
use super::foreign::assert_no_canary;
use super::scoped;
use super::world::{Tenant, World};

/// The scopes of the API key that calls; its creator is the owner.
const SCOPES: [&str; 2] = ["contacts.read", "modules.read"];

/// Who calls. `own` has a role for nothing but one's own records, which lists all there is to do with such. The stranger is the owner of another tenant, who names this one's records.
const CALLERS: [&str; 13] = [
    "nobody",
    "expired",
    "removed",
    "suspended",
    "viewer",
    "member",
    "admin",
    "owner",
    "stranger",
    "operator",
    "support",
    "key",
    "own",
];

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/isolation/permissions.txt");

/// What each caller may do is what the document says, what the table says, and what happens; a refusal changes nothing.
#[tokio::test]
async fn everybody_may_do_what_the_document_says() {
    let world = World::start().await;
    let suspended = Tenant::register(&world.platform).await;
    for module in tenantry::MODULES {
        suspended.organization.enable(module).await;
    }
    clinic::practise(&world.superuser, &suspended).await;
    let mut rows: Vec<String> =
        world.document.operations.iter().map(|operation| format!("{:<28}", operation.id)).collect();
    for caller in CALLERS {
        let home = if caller == "suspended" { &suspended } else { &world.a };
        let client = client(&world, home, caller).await;
        for (row, outcome) in rows.iter_mut().zip(call_all(&world, home, caller, &client).await) {
            write!(row, " {outcome:<9}").expect("a line");
        }
    }
    let head = CALLERS.iter().fold(format!("{:<28}", "operation"), |head, caller| format!("{head} {caller:<9}"));
    compare(&std::iter::once(head).chain(rows).map(|line| format!("{}\n", line.trim_end())).collect::<String>());
}

async fn client(world: &World, home: &Tenant, caller: &str) -> TestClient {
    match caller {
        "nobody" => world.platform.anonymous(),
        "expired" => world.platform.client(&expired_token(world, home).await),
        "removed" => {
            let client = home.organization.person(Role::Owner).await;
            let user = client.get("/users/me").await.expect(200);
            let sql = "DELETE FROM platform.memberships WHERE user_id = $1";
            world
                .superuser
                .execute(sql, &[&uuid::Uuid::parse_str(user.id()).expect("a UUID")])
                .await
                .expect("a removal");
            client
        }
        "viewer" => home.organization.person(Role::Viewer).await,
        "member" => home.organization.person(Role::Member).await,
        "admin" => home.organization.person(Role::Admin).await,
        "stranger" => world.b.owner.clone(),
        "operator" => world.operator.client().clone(),
        "key" => {
            let made = home.owner.post("/api-keys", json!({ "name": "Key", "scopes": SCOPES })).await.expect(201);
            world.platform.client(made.body["key"].as_str().expect("a key"))
        }
        "own" => home.organization.with_scope(&scoped::permissions(&world.document), RecordScope::Own).await,
        "support" => world.platform.client(world.support(home).await["access_token"].as_str().expect("a token")),
        _ => home.owner.clone(),
    }
}

/// A token of a live session, of the right key, whose time is over.
async fn expired_token(world: &World, home: &Tenant) -> String {
    let sql = "SELECT s.id, s.user_id, t.shard, (SELECT kid FROM platform.signing_keys) FROM platform.sessions s
         JOIN platform.tenants t ON t.id = s.tenant_id WHERE t.id = $1 AND s.kind = 'person' LIMIT 1";
    let row = world.superuser.query_one(sql, &[&home.organization.tenant()]).await.expect("a session");
    let config = IdentityConfig { access_ttl: Duration::ZERO, ..world.platform.platform().config().identity.clone() };
    let tokens = Tokens::new(world.platform.database().secret(), &[row.get(3)], &config).expect("the platform's keys");
    let shard = tenantry_core::tenancy::Shard(row.get(2));
    let subject = Subject {
        user: row.get(1),
        session: row.get(0),
        home: Some(Home { tenant: home.organization.tenant(), shard, role: Role::Owner.into() }),
        support: false,
    };
    tokens.sign(&subject).expect("a token")
}

/// Calls every operation with a valid request; those that must be refused first, to see that they change nothing.
async fn call_all(world: &World, home: &Tenant, caller: &str, client: &TestClient) -> Vec<String> {
    let mut calls = Vec::new();
    for operation in &world.document.operations {
        // Where no record is named, a stranger acts at home.
        let own = caller == "stranger" && !names_a_record(world, operation);
        let mut call = world.valid(if own { &world.b } else { home }, operation).await;
        // To give a task to somebody else takes another permission than to make it.
        for pointer in ["/assignee_id", "/create/0/assignee_id"] {
            if let Some(to) = call.body.as_mut().and_then(|body| body.pointer_mut(pointer)) {
                *to = Value::Null;
            }
        }
        calls.push((operation, expected(world, operation, caller), call));
    }
    suspend(world, home, caller == "suspended").await;
    let before = world.snapshot(home).await;
    for (operation, expected, call) in calls.iter().filter(|(_, expected, _)| *expected >= 300) {
        let reply = call.send(client).await;
        assert_eq!(reply.status, *expected, "{} as {caller}: {}", operation.id, reply.text);
        if caller == "stranger" {
            assert_no_canary(world, &reply, &operation.id);
        }
    }
    assert_eq!(world.snapshot(home).await, before, "a refusal of {caller} has changed something");
    // Whoever deletes the account can do nothing afterwards.
    let (last, first): (Vec<_>, Vec<_>) = calls
        .iter()
        .filter(|(_, expected, _)| *expected < 300)
        .partition(|(operation, _, _)| operation.id == "users_me_delete");
    for (operation, expected, call) in first.into_iter().chain(last) {
        // A feed is one's own, whatever the role.
        let call = &match operation.id.as_str() {
            "calendar_feeds_delete" => {
                let feed = client.post("/calendar/feeds", json!({})).await.expect(201);
                call.clone().with(&operation.parameters[0], feed.id())
            }
            _ => call.clone(),
        };
        let reply = world.send(if caller == "stranger" { &world.b } else { home }, client, call).await;
        assert_eq!(reply.status, *expected, "{} as {caller}: {}", operation.id, reply.text);
    }
    suspend(world, home, false).await;
    calls.iter().map(|(_, expected, _)| if *expected < 300 { "yes".to_owned() } else { expected.to_string() }).collect()
}

/// The status that the document promises.
fn expected(world: &World, operation: &Operation, caller: &str) -> u16 {
    let role = Role::named(if caller == "support" { "viewer" } else { caller }).unwrap_or(Role::Owner);
    match (operation.scope, caller) {
        // One does not sign in to an organization that is suspended.
        (_, "suspended") if ["auth_login", "auth_refresh", "organizations_select"].contains(&operation.id.as_str()) => {
            409
        }
        // Nor joins one.
        (Scope::Public, "suspended") if operation.id == "invitations_accept" => 422,
        // Nor is anything read of it.
        (Scope::Public, "suspended") if operation.id == "calendar_feeds_read" => 404,
        (Scope::Public, _) => operation.success,
        // Two kinds of token, and neither is ever taken for the other.
        (Scope::Operator, "operator") => operation.success,
        (Scope::Operator, _) | (_, "operator") => 401,
        (_, "nobody" | "expired" | "removed") => 401,
        (Scope::Person, "key") => 403,
        (Scope::Tenant, "key") if !SCOPES.contains(&operation.permission.as_str()) => 403,
        // An operator in an organization is nobody there, and may do what a viewer may.
        (Scope::Person, "support") => 401,
        (Scope::Tenant, "suspended") => 403,
        (Scope::Tenant, "own") if !operation.owned => 403,
        // The records are the owner's.
        (Scope::Tenant, "own") if names_an_owned_record(world, operation) => 404,
        (_, "stranger") if names_a_record(world, operation) => 404,
        // A session and a membership are their person's, and the call names the owner's.
        (Scope::Person, "viewer" | "member" | "admin" | "own")
            if ["sessions_delete", "users_me_organizations_leave"].contains(&operation.id.as_str()) =>
        {
            404
        }
        // So is a view: this one is shared, and takes a permission that admins have.
        (Scope::Tenant, "viewer" | "member") if ["views_update", "views_delete"].contains(&operation.id.as_str()) => {
            403
        }
        // A chart is for practitioners, and of these here the owner alone is one.
        (Scope::Tenant, "viewer" | "member" | "admin") if clinic::is_for_practitioners(operation) => 403,
        // An invitation is its address's.
        (Scope::Person, "viewer" | "member" | "admin" | "own") if operation.id == "users_me_organizations_join" => 422,
        (Scope::Person, "owner" | "suspended" | "stranger") => world.success(operation),
        _ if operation.role.is_some_and(|needed| role < needed) => 403,
        _ => operation.success,
    }
}

/// Whether a request of the operation holds the id of a record of one tenant.
fn names_a_record(world: &World, operation: &Operation) -> bool {
    let spots = world.document.spots(operation);
    spots.iter().any(|spot| spot.place != Place::Query && world.names_a_record(operation, spot))
}

/// Whether a request of the operation holds the id of a record that has an owner; the owner's, in the requests here.
fn names_an_owned_record(world: &World, operation: &Operation) -> bool {
    let spots = world.document.spots(operation);
    spots.iter().filter(|spot| spot.place != Place::Query).any(|spot| {
        world.origin(operation, spot).is_some() || world.referred(operation, spot).is_some_and(|post| post.owned)
    })
}

async fn suspend(world: &World, home: &Tenant, suspended: bool) {
    let status = if suspended { "suspended" } else { "active" };
    let sql = "UPDATE platform.tenants SET status = $2 WHERE id = $1";
    world.superuser.execute(sql, &[&home.organization.tenant(), &status]).await.expect("a status");
}

fn compare(found: &str) {
    if std::env::var_os("TENANTRY_BLESS").is_some() {
        return std::fs::write(TABLE, found).expect("a table");
    }
    let committed = std::fs::read_to_string(TABLE).expect("tests/it/isolation/permissions.txt");
    assert_eq!(found, committed, "who may do what has changed; if that is meant, run the tests with TENANTRY_BLESS=1");
}

//! `GET /api/v1/users/me/organizations` and `/users/me/export`

use serde_json::{Value, json};
use tenantry_core::testing::PASSWORD;

use crate::platform;

/// One's organizations are listed with one's role in each, page by page, and nobody else's.
#[tokio::test]
async fn a_person_sees_where_they_belong() {
    let platform = platform().await;
    let (alpha, beta) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    platform.organization("Gamma").await;
    let me = alpha.owner().get("/users/me").await.expect(200);
    let join = "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ($1::text::uuid, $2, 'viewer')";
    let database = platform.database().superuser().await;
    database.execute(join, &[&me.id(), &beta.tenant()]).await.unwrap();
    let list = alpha.owner().get("/users/me/organizations").await.expect(200);
    assert_eq!((list.column("name"), list.column("role")), (vec!["Alpha", "Beta"], vec!["owner", "viewer"]));
    assert_eq!(list.column("status"), ["active", "active"]);
    let first = alpha.owner().get("/users/me/organizations?limit=1&sort=-joined_at").await.expect(200);
    assert_eq!(first.column("slug"), ["beta"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let path = format!("/users/me/organizations?limit=1&sort=-joined_at&cursor={cursor}");
    let second = alpha.owner().get(&path).await.expect(200);
    assert_eq!((second.column("slug"), &second.body["next_cursor"]), (vec!["alpha"], &json!(null)));
    beta.owner().get(&path).await.problem(400, "malformed_request");
}

/// What somebody did, in its order.
fn actions(export: &Value) -> Vec<&str> {
    let mut acts: Vec<&Value> = export["acts"].as_array().unwrap().iter().collect();
    acts.sort_by_key(|act| (act["at"].as_str(), act["action"].as_str()));
    acts.iter().map(|act| act["action"].as_str().unwrap()).collect()
}

/// An export has everything of the person, no secret, and nothing of anybody else.
#[tokio::test]
async fn an_export_has_ones_own_and_nobody_elses() {
    let platform = platform().await;
    platform.organization("Canary").await;
    let body = json!({
        "email": "ada@example.com", "password": PASSWORD, "name": "Ada", "organization": { "name": "Acme" },
    });
    let made = platform.anonymous().post("/auth/register", body).await.expect(201);
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    let export = ada.get("/users/me/export").await.expect(200);
    assert_eq!(export.body["account"]["email"], "ada@example.com");
    assert_eq!(export.body["organizations"][0]["slug"], "acme");
    assert_eq!(export.body["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(export.body["open_letters"][0]["purpose"], "verify_email");
    assert!(!export.text.contains("anary") && !export.text.contains("owner-"), "{}", export.text);
    assert!(!export.text.contains("argon2") && !export.text.contains("hash"), "{}", export.text);
    for (field, none) in [("second_factor", json!(null)), ("api_keys", json!([]))] {
        assert_eq!(export.body[field], none, "{field}");
    }
    assert_eq!(actions(&export.body), ["account.created", "letter.created"]);
    platform.anonymous().get("/users/me/export").await.problem(401, "unauthenticated");
}

/// It has what one did and what was sent to one's address, with the address of nobody else in it.
#[tokio::test]
async fn an_export_has_ones_traces() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let owner = acme.owner();
    owner.post("/api-keys", json!({ "name": "Website", "scopes": ["contacts.read"] })).await.expect(201);
    owner.post("/invitations", json!({ "emails": ["canary@example.com"], "role": "viewer" })).await.expect(201);
    owner.put_json("/organization/support-consent", json!({ "level": "read" })).await.expect(200);
    let invite = json!({ "emails": [acme.email()], "role": "member" });
    other.owner().post("/invitations", invite).await.expect(201);
    let database = platform.database().superuser().await;
    let factor = "INSERT INTO platform.second_factors (user_id, seed, confirmed_at)
        SELECT id, 'canary', now() FROM platform.users WHERE email = $1";
    database.execute(factor, &[&acme.email()]).await.unwrap();

    let export = owner.get("/users/me/export").await.expect(200).body;
    assert_eq!(export["invitations_received"], json!([]), "the address may be anybody's");
    database.execute("UPDATE platform.users SET email_verified_at = now()", &[]).await.unwrap();
    let export = owner.get("/users/me/export").await.expect(200);
    assert!(!export.text.contains("canary") && !export.text.contains("hash") && !export.text.contains(other.email()));
    let export = export.body;
    assert_eq!(
        (&export["api_keys"][0]["name"], &export["api_keys"][0]["scopes"]),
        (&json!("Website"), &json!(["contacts.read"]))
    );
    assert_eq!(export["invitations_sent"][0]["role"], "viewer");
    let received = &export["invitations_received"][0];
    assert_eq!(
        (&received["role"], &received["organization_id"]),
        (&json!("member"), &json!(other.tenant().to_string()))
    );
    let consented = |export: &Value| actions(export).iter().filter(|action| **action == "support.consented").count();
    assert_eq!(consented(&export), 1);
    assert!(export["second_factor"]["enabled_at"].is_string());
    let kinds: Vec<_> = export["sessions"].as_array().unwrap().iter().map(|session| session["kind"].clone()).collect();
    assert!(kinds.contains(&json!("key")) && kinds.contains(&json!("person")), "{kinds:?}");
    let others = other.owner().get("/users/me/export").await.expect(200).body;
    assert_eq!((others["invitations_sent"].as_array().unwrap().len(), consented(&others)), (1, 0));
}

//! What is taken away is gone with the next request, whatever the token still says.

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use uuid::Uuid;

/// What a token is good for: a read, a write, the organization, the person.
async fn statuses(client: &TestClient) -> [u16; 5] {
    let read = client.get("/contacts").await.status;
    let write = client.post("/contacts", json!({ "last_name": "Lovelace" })).await.status;
    let patch = client.patch(&format!("/contacts/{}", Uuid::new_v4()), "\"1\"", json!({ "notes": "x" })).await.status;
    let home = client.get("/organization").await.status;
    let person = client.get("/users/me").await.status;
    [read, write, patch, home, person].map(|status| status.as_u16())
}

/// Changes the platform by SQL that takes the person `$1` and the organization `$2`, and tells what the token is then.
async fn after(change: &str) -> [u16; 5] {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    assert_eq!(statuses(&admin).await, [200, 201, 404, 200, 200]);
    apply(&platform, &acme, &admin, change).await;
    statuses(&admin).await
}

async fn apply(platform: &TestPlatform, organization: &TestOrganization, client: &TestClient, change: &str) {
    let user = Uuid::parse_str(client.get("/users/me").await.expect(200).id()).expect("a UUID");
    let sql = format!("WITH given AS (SELECT $1::uuid AS person, $2::uuid AS home) {change}");
    let superuser = platform.database().superuser().await;
    assert_eq!(superuser.execute(&sql, &[&user, &organization.tenant()]).await.expect(change), 1, "{change}");
}

/// A demoted member signs in again; the token of the higher role is worth nothing.
#[tokio::test]
async fn a_demotion_holds_at_once() {
    let change =
        "UPDATE platform.memberships SET role = 'viewer' FROM given WHERE user_id = person AND tenant_id = home";
    assert_eq!(after(change).await, [401; 5]);
}

/// A promotion too: a token never says more or less than the membership.
#[tokio::test]
async fn a_promotion_needs_a_new_token() {
    let change =
        "UPDATE platform.memberships SET role = 'owner' FROM given WHERE user_id = person AND tenant_id = home";
    assert_eq!(after(change).await, [401; 5]);
}

/// Who is removed from an organization is out.
#[tokio::test]
async fn a_removal_holds_at_once() {
    assert_eq!(
        after("DELETE FROM platform.memberships USING given WHERE user_id = person AND tenant_id = home").await,
        [401; 5]
    );
}

/// A session that was ended, or has run out, is over for every token of it.
#[tokio::test]
async fn an_ended_session_is_over() {
    assert_eq!(
        after("UPDATE platform.sessions SET ended_at = now() FROM given WHERE user_id = person").await,
        [401; 5]
    );
    assert_eq!(
        after("UPDATE platform.sessions SET expires_at = now() FROM given WHERE user_id = person").await,
        [401; 5]
    );
}

/// Nobody works in a suspended organization; the person is still one.
#[tokio::test]
async fn a_suspension_holds_at_once() {
    let change = "UPDATE platform.tenants SET status = 'suspended' FROM given WHERE id = home";
    assert_eq!(after(change).await, [403, 403, 403, 403, 200]);
}

/// A module that was disabled is gone for tokens that used it a moment ago.
#[tokio::test]
async fn a_disabled_module_is_gone_at_once() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("clinic").await;
    let viewer = acme.viewer().await;
    viewer.get("/clinic/patients").await.expect(200);
    acme.owner().delete("/modules/clinic").await.expect(204);
    viewer.get("/clinic/patients").await.expect(404);
    viewer.send(viewer.request(Method::POST, "/clinic/patients").body("{")).await.expect(404);
}

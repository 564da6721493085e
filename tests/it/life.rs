//! The life of an organization and of one of its people, from the first call to the last.

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestPlatform};
use totp_rs::Totp;

use crate::platform;

const FIRST: &str = "a long sentence is a good one";
const SECOND: &str = "another sentence that nobody guesses";

/// Bob, who knows his address, his password and perhaps an app.
struct Bob<'a> {
    platform: &'a TestPlatform,
    password: &'static str,
    app: Option<Totp>,
}

impl Bob<'_> {
    async fn sign_in(&self, slug: &str) -> Value {
        let code = self.app.as_ref().map(|app| app.generate_current().to_string());
        let body = json!({ "email": "bob@example.com", "password": self.password, "organization": slug, "code": code });
        self.platform.anonymous().post("/auth/login", body).await.expect(200).body
    }
}

fn client(platform: &TestPlatform, tokens: &Value) -> TestClient {
    platform.client(tokens["access_token"].as_str().expect("a token"))
}

async fn register(platform: &TestPlatform, email: &str, name: &str, slug: &str) -> Value {
    let organization = json!({ "name": name, "slug": slug });
    let body = json!({ "email": email, "password": FIRST, "name": email, "organization": organization });
    platform.anonymous().post("/auth/register", body).await.expect(201).body
}

async fn refresh(platform: &TestPlatform, tokens: &Value) -> Reply {
    platform.anonymous().post("/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] })).await
}

/// Takes away what keeps a code from being used a second time within its half minute.
async fn half_a_minute_passes(platform: &TestPlatform) {
    let sql = "UPDATE platform.second_factors SET last_step = 0";
    platform.database().superuser().await.batch_execute(sql).await.expect("time");
}

/// Register, verify, invite, join a second organization, select, be demoted, protect the account, forget the password, delete
/// and restore: each step by the operations alone, and each sees what the one before has done.
#[tokio::test]
async fn a_whole_life() {
    let platform = platform().await;
    let ada = client(&platform, &register(&platform, "ada@example.com", "Engines", "engines").await);
    let token = platform.token_to("ada@example.com").await;
    platform.anonymous().post("/auth/verify-email", json!({ "token": token })).await.expect(204);
    assert_eq!(ada.get("/users/me").await.expect(200).body["email_verified"], true);
    let contact = ada.post("/contacts", json!({ "last_name": "Babbage" })).await.expect(201);

    let mut bob = Bob { platform: &platform, password: FIRST, app: None };
    let tokens = register(&platform, "bob@example.com", "Bakery", "bakery").await;
    ada.post("/invitations", json!({ "emails": ["bob@example.com"], "role": "admin" })).await.expect(201);
    let invitation = platform.token_to("bob@example.com").await;
    let at_home = client(&platform, &tokens);
    let joined = at_home.post("/users/me/organizations", json!({ "token": invitation })).await.expect(201);
    let engines = joined.body["id"].as_str().expect("an id").to_owned();
    let selected = at_home.post(&format!("/organizations/{engines}/select"), json!({})).await.expect(200).body;
    let guest = client(&platform, &selected);
    guest.get(contact.header("location")).await.expect(200);
    at_home.get(contact.header("location")).await.problem(404, "not_found");
    guest.put("/modules/clinic").await.expect(200);

    let me = guest.get("/users/me").await.expect(200).id().to_owned();
    let member = ada.get(&format!("/members/{me}")).await.expect(200);
    let demotion = json!({ "role": "viewer" });
    ada.patch(&format!("/members/{me}"), member.header("etag"), demotion).await.expect(200);
    guest.get("/contacts").await.problem(401, "unauthenticated");
    let guest = client(&platform, &refresh(&platform, &selected).await.expect(200).body);
    guest.get("/contacts").await.expect(200);
    guest.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");

    let begun = guest.post("/users/me/second-factor", json!(null)).await.expect(201).body;
    let app = Totp::from_url(begun["uri"].as_str().expect("an address")).expect("an app");
    let code = json!({ "code": app.generate_current().to_string() });
    guest.post("/users/me/second-factor/confirm", code).await.expect(200);
    bob.app = Some(app);
    let without = json!({ "email": "bob@example.com", "password": FIRST });
    platform.anonymous().post("/auth/login", without).await.problem(401, "second_factor_needed");
    half_a_minute_passes(&platform).await;
    bob.sign_in("bakery").await;

    platform.anonymous().post("/auth/forgot-password", json!({ "email": "bob@example.com" })).await.expect(202);
    let token = platform.token_to("bob@example.com").await;
    let reset = json!({ "token": token, "password": SECOND });
    platform.anonymous().post("/auth/reset-password", reset).await.expect(204);
    guest.get("/contacts").await.problem(401, "unauthenticated");
    bob.password = SECOND;
    half_a_minute_passes(&platform).await;
    let tokens = bob.sign_in("bakery").await;

    let owner = client(&platform, &tokens);
    let bakery = tokens["organization"]["id"].as_str().expect("an id").to_owned();
    owner.delete("/organization?name=Bakery").await.expect(204);
    owner.get("/contacts").await.problem(401, "unauthenticated");
    half_a_minute_passes(&platform).await;
    let elsewhere = client(&platform, &bob.sign_in("engines").await);
    elsewhere.post(&format!("/organizations/{bakery}/restore"), json!({})).await.expect(200);
    elsewhere.post(&format!("/organizations/{bakery}/select"), json!({})).await.expect(200);
    let told = ada.get("/audit?resource=members&sort=at").await.expect(200);
    let changes: Vec<_> = told.items().iter().map(|entry| entry["change"].as_str().expect("a word")).collect();
    assert_eq!(changes, ["created", "updated"]);
}

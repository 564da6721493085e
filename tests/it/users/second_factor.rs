//! `/api/v1/users/me/second-factor`, and what it changes about signing in

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::{PASSWORD, Reply, TestClient, TestPlatform};
use tokio_postgres::Client;
use totp_rs::Totp;

use crate::platform;
use crate::support::count;

const ADA: &str = "ada@example.com";

struct Setting {
    platform: TestPlatform,
    database: Client,
    ada: TestClient,
}

impl Setting {
    async fn new() -> Self {
        let platform = platform().await;
        let body = json!({
            "email": ADA, "password": PASSWORD, "name": "Ada", "organization": { "name": "Acme" },
        });
        let made = platform.anonymous().post("/auth/register", body).await.expect(201);
        let ada = platform.client(made.body["access_token"].as_str().unwrap());
        let database = platform.database().superuser().await;
        Self { platform, database, ada }
    }

    /// Sets a second factor up: what the app knows, and the recovery codes.
    async fn enrol(&self) -> (Totp, Vec<String>) {
        let begun = self.ada.post("/users/me/second-factor", json!(null)).await.expect(201);
        let app = Totp::from_url(begun.body["uri"].as_str().unwrap()).unwrap();
        assert_eq!(app.secret().to_base32(), begun.body["secret"].as_str().unwrap());
        let code = json!({ "code": app.generate_current().to_string() });
        let confirmed = self.ada.post("/users/me/second-factor/confirm", code).await.expect(200);
        let codes = confirmed.body["recovery_codes"].as_array().unwrap();
        (app, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    async fn login(&self, code: Option<&str>) -> Reply {
        let mut body = json!({ "email": ADA, "password": PASSWORD });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        self.platform.anonymous().post("/auth/login", body).await
    }

    async fn require(&self, required: bool) -> Reply {
        let etag = self.ada.get("/organization").await.expect(200).header("etag").to_owned();
        self.ada.patch("/organization", &etag, json!({ "require_second_factor": required })).await
    }

    async fn reset_password(&self) {
        self.platform.anonymous().post("/auth/forgot-password", json!({ "email": ADA })).await.expect(202);
        let token = self.platform.token_to(ADA).await;
        let body = json!({ "token": token, "password": PASSWORD });
        self.platform.anonymous().post("/auth/reset-password", body).await.expect(204);
    }

    /// As if this half a minute were a new one for the app's codes.
    async fn time_passes(&self) {
        self.database.execute("UPDATE platform.second_factors SET last_step = 0", &[]).await.unwrap();
    }

    async fn state(&self) -> Value {
        self.ada.get("/users/me/second-factor").await.expect(200).body
    }
}

/// Once the app has shown that it has the seed, signing in asks for a code; until then it does not.
#[tokio::test]
async fn signing_in_asks_for_a_code() {
    let setting = Setting::new().await;
    assert_eq!(setting.state().await, json!({ "enabled": false, "enabled_at": null, "recovery_codes_left": 0 }));
    let first = setting.ada.post("/users/me/second-factor", json!(null)).await.expect(201);
    assert!(first.body["uri"].as_str().unwrap().starts_with("otpauth://totp/Tenantry:ada%40example.com?"));
    setting.login(None).await.expect(200);
    let wrong = json!({ "code": "000000" });
    let refused = setting.ada.post("/users/me/second-factor/confirm", wrong.clone()).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/code"]);

    let (app, codes) = setting.enrol().await;
    assert_ne!(first.body["secret"], app.secret().to_base32(), "begun again, the seed is another one");
    assert_eq!(codes.len(), 10);
    let state = setting.state().await;
    assert_eq!((&state["enabled"], &state["recovery_codes_left"]), (&json!(true), &json!(10)));
    setting.ada.post("/users/me/second-factor", json!(null)).await.problem(409, "second_factor_enabled");
    setting.ada.post("/users/me/second-factor/confirm", wrong).await.problem(409, "second_factor_not_begun");

    setting.login(None).await.problem(401, "second_factor_needed");
    setting.login(Some("000000")).await.problem(401, "second_factor_wrong");
    setting.time_passes().await;
    setting.login(Some(&app.generate_current().to_string())).await.expect(200);
    let wrong = json!({ "email": ADA, "password": "wrong horse battery staple", "code": "000000" });
    setting.platform.anonymous().post("/auth/login", wrong).await.problem(401, "unauthenticated");
}

/// A code works once, also where it is sent many times at once; so does a recovery code, however it is typed.
#[tokio::test]
async fn a_code_works_once() {
    let setting = Setting::new().await;
    let (app, codes) = setting.enrol().await;
    let code = app.generate_current().to_string();
    setting.login(Some(&code)).await.problem(401, "second_factor_wrong");
    setting.time_passes().await;
    let code = app.generate_current().to_string();
    let replies = join_all((0..5).map(|_| setting.login(Some(&code)))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);

    setting.database.execute("UPDATE platform.second_factors SET tries = 0", &[]).await.unwrap();
    let typed = codes[3].replace('-', " ").to_uppercase();
    let replies = join_all((0..5).map(|_| setting.login(Some(&typed)))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(setting.state().await["recovery_codes_left"], 9);

    let newer = setting.ada.post("/users/me/second-factor/recovery-codes", json!(null)).await.expect(200);
    assert_eq!(newer.body["recovery_codes"].as_array().unwrap().len(), 10);
    setting.database.execute("UPDATE platform.second_factors SET tries = 0", &[]).await.unwrap();
    setting.login(Some(&codes[4])).await.problem(401, "second_factor_wrong");
    setting.login(newer.body["recovery_codes"][0].as_str()).await.expect(200);
}

/// After five wrong codes in five minutes even the right one waits, also where all come at once.
#[tokio::test]
async fn five_wrong_codes_are_enough() {
    let setting = Setting::new().await;
    let (app, codes) = setting.enrol().await;
    let replies = join_all((0..12).map(|_| setting.login(Some("000000")))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 5);
    assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 7);
    setting.time_passes().await;
    let waiting = setting.login(Some(&app.generate_current().to_string())).await.problem(429, "too_many_codes");
    assert_eq!(waiting.header("retry-after"), "300");
    setting.login(Some(&codes[0])).await.problem(429, "too_many_codes");
    let later = "UPDATE platform.second_factors SET tries_since = now() - interval '5 minutes'";
    setting.database.execute(later, &[]).await.unwrap();
    setting.login(Some(&app.generate_current().to_string())).await.expect(200);
}

/// A copy of the database gives neither the seed nor a recovery code.
#[tokio::test]
async fn the_database_holds_no_secret() {
    let setting = Setting::new().await;
    let (app, codes) = setting.enrol().await;
    let row = setting.database.query_one("SELECT seed FROM platform.second_factors", &[]).await.unwrap();
    let seed: Vec<u8> = row.get(0);
    assert!(!seed.windows(20).any(|part| part == app.secret().as_bytes()));
    let sql = "SELECT string_agg(r::text, ' ') FROM platform.recovery_codes r";
    let text: String = setting.database.query_one(sql, &[]).await.unwrap().get(0);
    for code in codes {
        assert!(!text.contains(&code) && !text.contains(&code.replace('-', "")), "{text}");
    }
}

/// It is set up and removed after a fresh sign-in only.
#[tokio::test]
async fn it_is_removed_after_a_fresh_sign_in() {
    let setting = Setting::new().await;
    setting.ada.delete("/users/me/second-factor").await.problem(409, "no_second_factor");
    setting.enrol().await;
    let stale = "UPDATE platform.sessions SET signed_in_at = now() - interval '16 minutes'";
    setting.database.execute(stale, &[]).await.unwrap();
    setting.ada.delete("/users/me/second-factor").await.problem(403, "fresh_sign_in_needed");
    let codes = setting.ada.post("/users/me/second-factor/recovery-codes", json!(null)).await;
    codes.problem(403, "fresh_sign_in_needed");
    setting.database.execute("UPDATE platform.sessions SET signed_in_at = now()", &[]).await.unwrap();
    setting.ada.delete("/users/me/second-factor").await.expect(204);
    setting.login(None).await.expect(200);
    assert_eq!(count(&setting.database, "SELECT count(*) FROM platform.recovery_codes").await, 0);
}

/// Who registered with somebody else's address cannot keep its owner out: a proved address removes the factor.
#[tokio::test]
async fn a_squatter_keeps_nobody_out() {
    let setting = Setting::new().await;
    setting.enrol().await;
    setting.reset_password().await;
    let login = setting.login(None).await.expect(200);
    // By now the address is proved, so a forgotten password alone opens nothing.
    let ada = setting.platform.client(login.body["access_token"].as_str().unwrap());
    let setting = Setting { ada, ..setting };
    setting.enrol().await;
    setting.reset_password().await;
    setting.login(None).await.problem(401, "second_factor_needed");
}

/// Where an organization requires it, whoever has none is told so at the next request, until one is set up.
#[tokio::test]
async fn an_organization_can_require_it() {
    let setting = Setting::new().await;
    let beta = setting.platform.organization("Beta").await;
    setting.ada.get("/contacts").await.expect(200);
    setting.require(true).await.problem(409, "no_second_factor");
    setting.ada.get("/contacts").await.expect(200);
    // Somebody else, who has one, makes the rule.
    let require = "UPDATE platform.tenants SET require_second_factor = true WHERE slug = 'acme'";
    setting.database.execute(require, &[]).await.unwrap();
    for path in ["/contacts", "/organization", "/modules"] {
        setting.ada.get(path).await.problem(403, "second_factor_required");
    }
    setting.ada.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "second_factor_required");
    setting.ada.patch("/organization", "\"1\"", json!({ "name": "X" })).await.problem(403, "second_factor_required");
    beta.owner().get("/contacts").await.expect(200);
    let again = setting.login(None).await.expect(200);
    let again = setting.platform.client(again.body["access_token"].as_str().unwrap());
    again.get("/contacts").await.problem(403, "second_factor_required");

    setting.enrol().await;
    for client in [&setting.ada, &again] {
        client.get("/contacts").await.expect(200);
    }
    setting.require(false).await.expect(200);
    setting.require(true).await.expect(200);
    setting.ada.get("/contacts").await.expect(200);
    setting.ada.delete("/users/me/second-factor").await.expect(204);
    setting.ada.get("/contacts").await.problem(403, "second_factor_required");
    let relax = "UPDATE platform.tenants SET require_second_factor = false WHERE slug = 'acme'";
    setting.database.execute(relax, &[]).await.unwrap();
    setting.ada.get("/contacts").await.expect(200);
}

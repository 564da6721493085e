//! Passwords of 8 to 14 characters, which are enough beside a second factor

use serde_json::json;
use tenantry_core::testing::{PASSWORD, TestClient, TestPlatform};
use tokio_postgres::Client;

use crate::platform;
use crate::support::count;

const ADA: &str = "ada@example.com";
const SHORT: &str = "Kx7#vq!m";

struct Setting {
    platform: TestPlatform,
    database: Client,
    ada: TestClient,
}

impl Setting {
    async fn new() -> Self {
        let platform = platform().await;
        let body = json!({ "email": ADA, "password": PASSWORD, "name": "Ada" });
        let made = platform.anonymous().post("/users/register", body).await.expect(201);
        let ada = platform.client(made.body["access_token"].as_str().unwrap());
        let database = platform.database().superuser().await;
        Self { platform, database, ada }
    }

    async fn set_factor(&self) {
        let sql = "INSERT INTO platform.second_factors (user_id, seed, confirmed_at) SELECT id, 'x', now() FROM platform.users";
        self.database.execute(sql, &[]).await.unwrap();
    }

    async fn change(&self, from: &str, to: &str) -> tenantry_core::testing::Reply {
        self.ada.post("/users/me/password", json!({ "current_password": from, "new_password": to })).await
    }

    async fn reset(&self, to: &str) -> tenantry_core::testing::Reply {
        self.platform.anonymous().post("/auth/forgot-password", json!({ "email": ADA })).await.expect(202);
        let token = self.platform.token_to(ADA).await;
        self.platform.anonymous().post("/auth/reset-password", json!({ "token": token, "password": to })).await
    }
}

/// Fifteen characters alone, eight beside a second factor, and never fewer; a factor that is not confirmed is none.
#[tokio::test]
async fn eight_characters_need_a_second_factor() {
    let setting = Setting::new().await;
    let refused = setting.change(PASSWORD, SHORT).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/new_password"]);
    assert!(refused.reason("/new_password").starts_with("at least 15 characters"), "{}", refused.text);
    assert_eq!(setting.reset(SHORT).await.problem(422, "invalid").pointers(), ["/password"]);
    setting.set_factor().await;
    setting.database.execute("UPDATE platform.second_factors SET confirmed_at = NULL", &[]).await.unwrap();
    setting.change(PASSWORD, SHORT).await.problem(422, "invalid");
    setting.database.execute("UPDATE platform.second_factors SET confirmed_at = now()", &[]).await.unwrap();
    setting.change(PASSWORD, &SHORT[..7]).await.problem(422, "invalid");
    setting.change(PASSWORD, "password").await.problem(422, "invalid");
    setting.change(PASSWORD, SHORT).await.expect(204);
    setting.change(SHORT, PASSWORD).await.expect(204);

    // The one who reads the mail has not set this factor up, so it goes, and with it what it allows.
    assert_eq!(setting.reset(SHORT).await.problem(422, "invalid").pointers(), ["/password"]);
    setting.database.execute("UPDATE platform.users SET email_verified_at = now()", &[]).await.unwrap();
    setting.reset(SHORT).await.expect(204);
    let login = json!({ "email": ADA, "password": SHORT });
    setting.platform.anonymous().post("/auth/login", login).await.problem(401, "second_factor_needed");
    let register = json!({ "email": "bob@example.com", "password": SHORT, "name": "Bob" });
    let refused = setting.platform.anonymous().post("/users/register", register).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/password"]);
}

/// Beside a short password the factor stays; with a longer one, or with the whole account, it can go.
#[tokio::test]
async fn a_short_password_keeps_the_factor() {
    let setting = Setting::new().await;
    setting.set_factor().await;
    setting.change(PASSWORD, SHORT).await.expect(204);
    let refused = setting.ada.delete("/users/me/second-factor").await.problem(409, "password_too_short");
    assert!(refused.body["detail"].as_str().unwrap().contains("Change it to a longer one first"), "{}", refused.text);
    assert_eq!(count(&setting.database, "SELECT count(*) FROM platform.second_factors").await, 1);
    setting.change(SHORT, PASSWORD).await.expect(204);
    setting.ada.delete("/users/me/second-factor").await.expect(204);
    setting.set_factor().await;
    setting.change(PASSWORD, SHORT).await.expect(204);
    setting.ada.delete("/users/me").await.expect(204);
}

/// Of a shorter password and the factor's end at the same moment, one is refused.
#[tokio::test]
async fn the_two_do_not_slip_past_each_other() {
    let setting = Setting::new().await;
    for _ in 0..8 {
        setting.set_factor().await;
        let (changed, removed) =
            tokio::join!(setting.change(PASSWORD, SHORT), setting.ada.delete("/users/me/second-factor"));
        let (changed, removed) = (changed.status.as_u16(), removed.status.as_u16());
        assert!([(204, 409), (409, 204), (422, 204)].contains(&(changed, removed)), "{changed} {removed}");
        let bare = "SELECT count(*) FROM platform.users u WHERE NOT password_long
            AND NOT EXISTS (SELECT 1 FROM platform.second_factors f WHERE f.user_id = u.id)";
        assert_eq!(count(&setting.database, bare).await, 0);
        if changed == 204 {
            setting.change(SHORT, PASSWORD).await.expect(204);
            setting.ada.delete("/users/me/second-factor").await.expect(204);
        }
    }
}

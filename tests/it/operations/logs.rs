//! The log: it tells what happened, and of nobody.

use serde_json::json;
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use super::program::{Server, command_on};

/// Whatever is sent, and however it fails, none of it stands in the log, though that is as talkative as it gets.
#[tokio::test]
async fn nothing_that_was_sent_is_logged() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let mut command = command_on(&database, &secret, &[]);
    command.env("RUST_LOG", "trace");
    let server = Server::run(command).await;

    let register = json!({
        "email": "canary@example.com", "password": "a canary sings beneath the mine", "name": "Canary",
        "organization": { "name": "Canary Ltd" },
    });
    let (status, session) = server.post("/api/v1/auth/register", &register).await;
    assert_eq!(status, 201, "{session}");
    assert_eq!(server.post("/api/v1/auth/register", &register).await.0, 409);
    let wrong = json!({ "email": "canary@example.com", "password": "wrong canary" });
    assert_eq!(server.post("/api/v1/auth/login", &wrong).await.0, 401);

    let token = session["access_token"].as_str().unwrap();
    let send = |method: &str, path: &str, body: &str| {
        let request = server.request(method, path).bearer_auth(token).header("user-agent", "canary");
        let request = request.header("content-type", "application/json").header("if-match", "\"1\"");
        let sent = request.body(body.to_owned()).send();
        async { sent.await.unwrap().status().as_u16() }
    };
    assert_eq!(send("PUT", "/api/v1/modules/clinic", "").await, 200);
    for (method, path, body, status) in [
        ("POST", "/api/v1/contacts", r#"{"last_name":"canary","notes":"canary"}"#, 201),
        ("POST", "/api/v1/contacts", r#"{"last_name":"canary","canary":1}"#, 422),
        ("POST", "/api/v1/contacts", r#"{"last_name":"canary"#, 400),
        ("GET", "/api/v1/contacts?q=canary", "", 200),
        ("GET", "/api/v1/contacts?canary=canary", "", 400),
        ("GET", "/api/v1/canary", "", 404),
        ("DELETE", "/api/v1/modules/canary", "", 404),
        ("GET", "/api/v1/contacts?cursor=canary", "", 400),
    ] {
        assert_eq!(send(method, path, body).await, status, "{method} {path}");
    }
    // A statement that the database itself refuses, with the values in its message.
    let superuser = database.superuser().await;
    let row =
        superuser.query_one("SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants", &[]).await.unwrap();
    let schema: String = row.get(0);
    let trap = format!(
        "CREATE FUNCTION {schema}.trap() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION USING MESSAGE = NEW.last_name, ERRCODE = NEW.notes; END';
         CREATE TRIGGER trap BEFORE INSERT ON {schema}.contacts FOR EACH ROW EXECUTE FUNCTION {schema}.trap()"
    );
    superuser.batch_execute(&trap).await.unwrap();
    for (code, status) in [("P0001", 500), ("22P02", 422), ("23505", 409), ("57014", 503), ("XX000", 500)] {
        let body = json!({ "last_name": "canary", "notes": code }).to_string();
        assert_eq!(send("POST", "/api/v1/contacts", &body).await, status, "{code}");
    }

    let (status, said) = server.terminate().await;
    assert!(status.success() && said.contains("stopped"), "{said}");
    assert!(said.contains("request_id"), "nothing was logged: {said}");
    for name in ["canary", "Canary", token, session["refresh_token"].as_str().unwrap(), secret.as_str()] {
        assert!(!said.contains(name), "{name} in\n{said}");
    }
}

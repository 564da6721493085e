//! `tenantry operator …`

use std::process::Stdio;

use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;
use tokio::io::AsyncWriteExt;

use super::program::{LONG, Server, command_on, finish};

/// A password is made and shown once; with it one signs in, until the account is disabled.
#[tokio::test]
async fn an_operator_is_made_used_and_disabled() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let run = |arguments: &'static [&'static str]| finish(command_on(&database, &secret, arguments));
    let create = &["operator", "create", "Olga@Example.com", "--name", "Olga", "--json"];
    let (code, printed, said) = run(create).await;
    assert_eq!(code, 0, "{said}");
    let made: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&made["email"], &made["name"]), (&json!("olga@example.com"), &json!("Olga")));
    let password = made["password"].as_str().unwrap();
    assert!(password.len() >= 32 && !said.contains(password));

    let (code, printed, said) = run(create).await;
    assert_eq!((code, printed.as_str()), (1, ""));
    assert!(said.contains("there is an operator olga@example.com already"), "{said}");

    let server = Server::run(command_on(&database, &secret, &[])).await;
    let login = json!({ "email": "olga@example.com", "password": password });
    let (status, session) = server.post("/api/v1/operator/auth/login", &login).await;
    assert_eq!(status, 200, "{session}");
    let token = session["access_token"].as_str().unwrap();
    let list = || server.request("GET", "/api/v1/operator/tenants").bearer_auth(token).send();
    assert_eq!(list().await.unwrap().status(), 200);

    let guest = support(&server, token).await;
    let enter = || server.request("GET", "/api/v1/contacts").bearer_auth(&guest).send();
    assert_eq!(enter().await.unwrap().status(), 200);

    let (code, printed, said) = run(&["operator", "disable", "olga@example.com", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(serde_json::from_str::<Value>(&printed).unwrap()["disabled_at"].is_string(), "{printed}");
    assert_eq!(list().await.unwrap().status(), 401);
    assert_eq!(enter().await.unwrap().status(), 401);
    assert_eq!(server.post("/api/v1/operator/auth/login", &login).await.0, 401);
    assert_eq!(run(&["operator", "disable", "olga@example.com"]).await.0, 0);

    let (_, table, _) = run(&["operator", "list"]).await;
    assert!(table.contains("olga@example.com") && table.contains("disabled") && !table.contains(password), "{table}");
    let (_, lines, _) = run(&["operator", "list", "--json"]).await;
    assert_eq!(lines.lines().count(), 1);
    assert!(!lines.contains("password") && !server.terminate().await.1.contains(password));
}

/// The token of a support access to an organization that allows it.
async fn support(server: &Server, token: &str) -> String {
    let register = json!({
        "email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada",
        "organization": { "name": "Acme" },
    });
    let (status, owner) = server.post("/api/v1/auth/register", &register).await;
    assert_eq!(status, 201, "{owner}");
    let consent = server.request("PUT", "/api/v1/organization/support-consent").json(&json!({ "level": "read" }));
    let consent = consent.bearer_auth(owner["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(consent.status(), 200);
    let path = format!("/api/v1/operator/tenants/{}/support-access", owner["organization"]["id"].as_str().unwrap());
    let begin = server.request("POST", &path).json(&json!({ "reason": "a question", "minutes": 5 }));
    let begun: Value = begin.bearer_auth(token).send().await.unwrap().json().await.unwrap();
    begun["access_token"].as_str().unwrap_or_else(|| panic!("no token in {begun}")).to_owned()
}

/// A password can be given on the standard input; what is no good is said, and makes nothing.
#[tokio::test]
async fn a_password_can_be_given() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    for (given, code, words) in [
        ("short\n", 1, "at least 15 characters"),
        ("", 1, "at least"),
        ("olga@example.com\n", 1, "easily guessed"),
        ("correct horse battery staple\n", 0, "olga@example.com"),
    ] {
        let mut command = command_on(&database, &secret, &["operator", "create", "olga@example.com", "--password"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(given.as_bytes()).await.unwrap();
        let output = tokio::time::timeout(LONG, child.wait_with_output()).await.unwrap().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains(words) && !text.contains("battery"), "{text}");
    }
    for (arguments, words) in [
        (&["operator", "create", "olga"][..], "expected an e-mail address"),
        (&["operator", "create", "a@example.com", "--name", ""], "at least 1 character"),
        (&["operator", "disable", "nobody@example.com"], "tenantry operator list"),
    ] {
        let (code, printed, said) = finish(command_on(&database, &secret, arguments)).await;
        assert_eq!((code, printed.as_str()), (1, ""), "{arguments:?}");
        assert!(said.contains(words), "{said}");
    }
}

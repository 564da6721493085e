//! The command line

use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;

use super::program::{command, command_on, finish};

/// Help names every command and every variable; what is wrong on the command line is exit code 2.
#[tokio::test]
async fn help_names_everything() {
    let (code, help, _) = finish(command(&["--help"])).await;
    assert_eq!(code, 0);
    for word in [
        "serve",
        "work",
        "migrate",
        "tenant",
        "operator",
        "audit",
        "demo",
        "keys",
        "openapi",
        "secret",
        "DATABASE_URL",
        "TENANTRY_SECRET",
        "TENANTRY_DATA_DIR",
        "TENANTRY_BIND",
        "TENANTRY_PUBLIC_URL",
        "TENANTRY_CORS_ORIGINS",
        "TENANTRY_EGRESS_ALLOW",
        "TENANTRY_TRUSTED_PROXIES",
        "TENANTRY_MAX_CONNECTIONS",
        "TENANTRY_LIVE_PER_SESSION",
        "TENANTRY_LIVE_PER_ORGANIZATION",
        "TENANTRY_MAX_BODY_BYTES",
        "TENANTRY_REGISTER_LIMIT",
        "TENANTRY_DB_LANES",
        "TENANTRY_DB_SPREAD",
        "TENANTRY_PG_BIN",
        "RUST_LOG",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
    let (code, help, _) = finish(command(&["tenant", "--help"])).await;
    assert_eq!(code, 0);
    for word in ["create", "list", "show", "purge", "purge-module", "audit"] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
    for wrong in [&["zebra"][..], &["tenant"], &["tenant", "zebra"], &["tenant", "create"], &["serve", "--zebra"]] {
        let (code, printed, said) = finish(command(wrong)).await;
        assert_eq!((code, printed.as_str()), (2, ""), "{wrong:?}");
        assert!(said.contains("Usage"), "{said}");
    }
    assert_eq!(finish(command(&["--version"])).await.1, format!("tenantry {}\n", env!("CARGO_PKG_VERSION")));
}

/// Each secret is another one, and good enough.
#[tokio::test]
async fn a_secret_is_new_each_time() {
    let (first, second) = (finish(command(&["secret"])).await, finish(command(&["secret"])).await);
    assert_eq!((first.0, second.0), (0, 0));
    assert_ne!(first.1, second.1);
    assert!(Secret::parse(first.1.trim()).is_ok());
}

/// Operators make tenants and look at them; for programs every command has JSON on its output and nothing else.
#[tokio::test]
async fn operators_manage_tenants() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let run = |arguments: &'static [&'static str]| finish(command_on(&database, &secret, arguments));

    let (code, printed, said) = run(&["tenant", "create", "Müller & Söhne", "--module", "clinic", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    let made: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&made["slug"], &made["status"]), (&json!("muller-sohne"), &json!("active")));
    assert_eq!(made["modules"], json!(["calendar", "clinic", "crm", "events", "identity", "notifications"]));
    assert_eq!(run(&["tenant", "create", "Second", "--slug", "second", "--owner", "Ada@example.com"]).await.0, 0);
    let superuser = database.superuser().await;
    let invited = "SELECT count(*) FROM platform.invitations i JOIN platform.tenants t ON t.id = i.tenant_id
        WHERE t.slug = 'second' AND i.email = 'ada@example.com' AND i.role = 'owner'";
    assert_eq!(crate::support::count(&superuser, invited).await, 1);
    assert_eq!(crate::support::count(&superuser, "SELECT count(*) FROM platform.outbox").await, 1);

    let (code, printed, _) = run(&["tenant", "list", "--json"]).await;
    let slugs: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["slug"].take()).collect();
    assert_eq!((code, slugs), (0, vec![json!("muller-sohne"), json!("second")]));
    let (_, table, _) = run(&["tenant", "list"]).await;
    assert!(
        table.contains("Müller & Söhne") && table.contains("[calendar, crm, events, identity, notifications]"),
        "{table}"
    );

    let (code, printed, _) = run(&["tenant", "show", "muller-sohne", "--json"]).await;
    assert_eq!((code, serde_json::from_str::<Value>(&printed).unwrap()), (0, made.clone()));
    let by_id = command_on(&database, &secret, &["tenant", "show", made["id"].as_str().unwrap(), "--json"]);
    assert_eq!(finish(by_id).await.1, printed);

    let (code, printed, _) = run(&["tenant", "audit", "--json"]).await;
    assert_eq!((code, printed.trim()), (0, r#"{"findings":[]}"#));
    let (code, printed, said) = run(&["migrate", "--json"]).await;
    assert_eq!((code, printed.trim()), (0, r#"{"migrated":0,"failed":[]}"#), "{said}");
}

/// A new key signs, and the one before it verifies for a while.
#[tokio::test]
async fn operators_rotate_keys() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let run = |arguments: &'static [&'static str]| finish(command_on(&database, &secret, arguments));
    let list = async || -> Vec<Value> {
        let (code, printed, said) = run(&["keys", "list", "--json"]).await;
        assert_eq!(code, 0, "{said}");
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let before = list().await;
    assert_eq!((before.len(), &before[0]["signs"], &before[0]["retires_at"]), (1, &json!(true), &Value::Null));
    let (code, printed, said) = run(&["keys", "rotate", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    let made: Value = serde_json::from_str(&printed).unwrap();
    let after = list().await;
    assert_eq!((&after[0]["kid"], &after[0]["signs"]), (&made["kid"], &json!(true)));
    assert_eq!((&after[1]["kid"], &after[1]["signs"]), (&before[0]["kid"], &json!(false)));
    assert!(after[1]["retires_at"].is_string());
    assert!(run(&["keys", "list"]).await.1.contains("verifies until"));
}

/// What cannot be done is exit code 1, with a sentence that helps; nothing is half done.
#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let run = |arguments: &'static [&'static str]| finish(command_on(&database, &secret, arguments));
    assert_eq!(run(&["tenant", "create", "Acme"]).await.0, 0);
    for (arguments, words) in [
        (&["tenant", "create", "Acme"][..], "acme is taken"),
        (&["tenant", "create", "Other", "--slug", "admin"], "reserved"),
        (&["tenant", "create", "株式会社"], "choose one"),
        (&["tenant", "create", ""], "at least 1 character"),
        (&["tenant", "create", "Other", "--module", "zebra"], "no module zebra"),
        (&["tenant", "create", "Other", "--owner", "ada"], "--owner: expected an e-mail address"),
        (&["tenant", "show", "zebra"], "tenantry tenant list"),
    ] {
        let (code, printed, said) = run(arguments).await;
        assert_eq!((code, printed.as_str()), (1, ""), "{arguments:?}: {said}");
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(run(&["tenant", "list", "--json"]).await.1.lines().count(), 1);
}

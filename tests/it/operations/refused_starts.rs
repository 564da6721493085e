//! Starts that are refused, each with words that say what to do.

use tenantry_core::config::Secret;
use tenantry_core::module::Modules;
use tenantry_core::platform;
use tenantry_core::testing::TestDatabase;
use tokio::process::Command;

use super::program::{command, command_on, finish, url};

/// Runs a server that does not start, and gives what it says.
async fn refusal(mut command: Command) -> String {
    command.env("TENANTRY_BIND", "127.0.0.1:0");
    let (code, printed, said) = finish(command).await;
    assert_eq!((code, printed.as_str()), (1, ""), "{said}");
    assert!(said.starts_with("error: ") || said.contains("\nerror: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// With a database of one's own a secret of one's own is needed, and a good one.
#[tokio::test]
async fn without_a_secret() {
    let database = TestDatabase::create().await;
    let mut missing = command(&["serve"]);
    missing.env("DATABASE_URL", url(&database));
    let said = refusal(missing).await;
    assert!(said.contains("TENANTRY_SECRET") && said.contains("tenantry secret"), "{said}");
    for weak in ["secret", "changeme", "AAAA", "c2hvcnQ"] {
        let said = refusal(command_on(&database, weak, &["serve"])).await;
        assert!(said.contains("TENANTRY_SECRET") && said.contains("32 random bytes"), "{said}");
        assert!(!said.contains(weak) || weak == "secret", "{said}");
    }
}

/// A superuser would not be held by any role or right.
#[tokio::test]
async fn as_a_superuser() {
    let database = TestDatabase::create().await;
    let cluster = database.cluster();
    let (user, password, port) = (cluster.superuser(), cluster.password(), cluster.port());
    let name = database.logins().database();
    let mut command = command_on(&database, &Secret::generate(), &["serve"]);
    command.env("DATABASE_URL", format!("postgres://{user}:{password}@127.0.0.1:{port}/{name}"));
    let said = refusal(command).await;
    assert!(said.contains("superuser") && !said.contains(password), "{said}");
}

/// A database that lets tenants out of their role is refused; what is open is named, and the SQL that closes it given.
#[tokio::test]
async fn without_hardening() {
    let database = TestDatabase::create().await;
    let superuser = database.superuser().await;
    superuser.batch_execute("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC").await.unwrap();
    superuser.batch_execute("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC").await.unwrap();
    let secret = Secret::generate();
    let said = refusal(command_on(&database, &secret, &["serve"])).await;
    assert!(said.contains("set_config(text,text,boolean)") && said.contains("language plpgsql"), "{said}");
    assert!(said.contains("REVOKE") && said.contains("superuser"), "{said}");

    superuser.batch_execute(platform::HARDENING).await.unwrap();
    let (code, _, said) = finish(command_on(&database, &secret, &["tenant", "list"])).await;
    assert_eq!(code, 0, "{said}");
}

/// A second copy says what is in the way and how to go around it.
#[tokio::test]
async fn where_the_port_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = command(&[]);
    command.env("TENANTRY_BIND", &address);
    let (code, _, said) = finish(command).await;
    assert_eq!(code, 1);
    assert!(said.contains(&format!("{address} is in use")) && said.contains("TENANTRY_BIND="), "{said}");
}

/// A variable that cannot be read is named; what it holds is not shown.
#[tokio::test]
async fn with_a_variable_that_cannot_be_read() {
    for (name, value) in [
        ("TENANTRY_MAX_CONNECTIONS", "canary"),
        ("TENANTRY_DB_LANES", "-1"),
        ("TENANTRY_EGRESS_ALLOW", "canary"),
        ("TENANTRY_TRUSTED_PROXIES", "canary"),
        ("DATABASE_URL", "canary canary"),
    ] {
        let mut command = command(&["serve"]);
        command.env(name, value);
        let said = refusal(command).await;
        assert!(said.contains(name) && said.contains("expected") && !said.contains("canary"), "{said}");
    }
}

/// A database that is not there is an error and no hang.
#[tokio::test]
async fn without_a_database() {
    let mut command = command(&["serve"]);
    command
        .env("DATABASE_URL", "postgres://nobody:canary@127.0.0.1:1/nowhere")
        .env("TENANTRY_SECRET", Secret::generate());
    let said = refusal(command).await;
    assert!(said.contains("because: ") && !said.contains("canary"), "{said}");
}

/// A build whose modules are not those that were meant does not start: one that is not linked registers nothing.
#[test]
fn with_other_modules_than_meant() {
    let mut ours = tenantry::MODULES.to_vec();
    ours.sort_unstable();
    let has = format!("but has [{}]", ours.join(", "));
    for expected in [&["nope"][..], &[], &["clinic"], &["clinic", "nope", "real-estate"]] {
        let error = Modules::collect(expected).err().expect("a refusal").to_string();
        assert!(error.contains(&has), "{error}");
        assert!(error.contains(&format!("[{}]", expected.join(", "))), "{error}");
    }
    Modules::collect(tenantry::MODULES).unwrap();
}

/// What is set and makes no sense is not passed over: the variable is named, and its value is not shown.
#[tokio::test]
async fn where_a_variable_makes_no_sense() {
    let database = TestDatabase::create().await;
    for (variable, value, expected) in [
        ("TENANTRY_PUBLIC_URL", "canary.example.com", "https://api.example.com"),
        ("TENANTRY_PUBLIC_URL", "ftp://canary.example.com", "https://api.example.com"),
        ("TENANTRY_PUBLIC_URL", "https://user:canary@example.com", "https://api.example.com"),
        ("TENANTRY_APP_URL", "canary", "https://api.example.com"),
        ("RUST_LOG", "tenantry_core=canary", "info"),
        ("RUST_LOG", "info,=,canary=x", "info"),
    ] {
        let mut command = command_on(&database, &Secret::generate(), &["serve"]);
        command.env(variable, value);
        let said = refusal(command).await;
        assert!(said.contains(variable) && said.contains(expected) && !said.contains("canary"), "{said}");
    }
}

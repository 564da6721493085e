//! The audit of rights finds nothing where nothing is wrong, and names each thing that is.

use std::process::Command;

use tenantry_core::config::Secret;
use tenantry_core::tenancy::{Shard, audit};
use tenantry_core::testing::TestPlatform;

/// One right that somebody gave by hand, what the audit says of it, and how it is taken back.
struct Slip {
    change: String,
    findings: Vec<String>,
    undo: String,
}

fn slip(change: &str, findings: &[&str], undo: &str, names: &[(&str, String)]) -> Slip {
    let filled = |text: &str| names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    Slip { change: filled(change), findings: findings.iter().map(|text| filled(text)).collect(), undo: filled(undo) }
}

fn slips(names: &[(&str, String)]) -> Vec<Slip> {
    let table = [
        (
            "GRANT SELECT ON {a}.contacts TO {b}",
            "{b} has SELECT on {a}.contacts",
            "REVOKE ALL ON {a}.contacts FROM {b}",
        ),
        (
            "GRANT SELECT ON {a}.contacts TO PUBLIC",
            "PUBLIC has SELECT on {a}.contacts",
            "REVOKE ALL ON {a}.contacts FROM PUBLIC",
        ),
        (
            "GRANT TRUNCATE ON {a}.contacts TO {a}",
            "{a} has TRUNCATE on {a}.contacts",
            "REVOKE TRUNCATE ON {a}.contacts FROM {a}",
        ),
        ("GRANT UPDATE ON {a}.fence TO {a}", "{a} has UPDATE on {a}.fence", "REVOKE UPDATE ON {a}.fence FROM {a}"),
        (
            "GRANT SELECT ON {a}.history_crm TO {a}",
            "{a} has SELECT on {a}.history_crm",
            "REVOKE ALL ON {a}.history_crm FROM {a}",
        ),
        (
            "GRANT SELECT (email) ON {a}.contacts TO {b}",
            "rights on column email of {a}.contacts",
            "REVOKE SELECT (email) ON {a}.contacts FROM {b}",
        ),
        ("GRANT USAGE ON SCHEMA {a} TO {b}", "{b} has USAGE on schema {a}", "REVOKE USAGE ON SCHEMA {a} FROM {b}"),
        ("GRANT CREATE ON SCHEMA {a} TO {a}", "{a} has CREATE on schema {a}", "REVOKE CREATE ON SCHEMA {a} FROM {a}"),
        ("GRANT {a} TO {platform}", "{platform} may take the role of tenant {id}", "REVOKE {a} FROM {platform}"),
        ("GRANT {platform} TO {a}", "the role of tenant {id} is a member of {platform}", "REVOKE {platform} FROM {a}"),
        ("ALTER ROLE {a} LOGIN", "role {a} has more attributes than it may", "ALTER ROLE {a} NOLOGIN"),
        ("ALTER ROLE {run} BYPASSRLS", "role {run} has more attributes than it may", "ALTER ROLE {run} NOBYPASSRLS"),
        ("ALTER ROLE {run} INHERIT", "role {run} has more attributes than it may", "ALTER ROLE {run} NOINHERIT"),
        (
            "ALTER TABLE {a}.contacts ADD CONSTRAINT out FOREIGN KEY (id) REFERENCES {b}.contacts (id) NOT VALID",
            "foreign key out leaves schema {a}",
            "ALTER TABLE {a}.contacts DROP CONSTRAINT out",
        ),
        (
            "GRANT SELECT ON platform.users TO PUBLIC",
            "PUBLIC has SELECT on platform.users",
            "REVOKE ALL ON platform.users FROM PUBLIC",
        ),
        (
            "GRANT SELECT (email) ON platform.users TO {run}",
            "rights on column email of platform.users",
            "REVOKE SELECT (email) ON platform.users FROM {run}",
        ),
        (
            "GRANT EXECUTE ON FUNCTION platform.admit(uuid, uuid, text, text) TO PUBLIC",
            "PUBLIC may call platform.admit(uuid,uuid,text,text)",
            "REVOKE EXECUTE ON FUNCTION platform.admit(uuid, uuid, text, text) FROM PUBLIC",
        ),
        ("GRANT pg_monitor TO {run}", "{run} is a member of pg_monitor", "REVOKE pg_monitor FROM {run}"),
        ("GRANT {platform} TO {run}", "{run} is a member of {platform}", "REVOKE {platform} FROM {run}"),
        ("CREATE VIEW {a}.v AS SELECT 1", "{a}.v is no table of the schema's owner", "DROP VIEW {a}.v"),
        (
            "CREATE TABLE public.leak (); GRANT SELECT ON public.leak TO PUBLIC",
            "PUBLIC has SELECT on public.leak",
            "DROP TABLE public.leak",
        ),
        ("CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO {b}", "{b} has USAGE on schema evil", "DROP SCHEMA evil"),
        ("ALTER ROLE {b} SET search_path = {a}", "{b} starts with other settings", "ALTER ROLE {b} RESET search_path"),
        (
            "INSERT INTO platform.tenants (id, slug, name, status, shard)
             VALUES ('00000000-0000-4000-8000-000000000000', 'homeless', 'Homeless', 'active', 0)",
            "tenant 00000000-0000-4000-8000-000000000000 has no schema",
            "DELETE FROM platform.tenants WHERE slug = 'homeless'",
        ),
    ];
    let mut slips: Vec<Slip> =
        table.iter().map(|(change, finding, undo)| slip(change, &[finding], undo, names)).collect();
    let twice = ["the role of tenant {other} is a member of {a}", "{b} may take the role of tenant {id}"];
    slips.push(slip("GRANT {a} TO {b}", &twice, "REVOKE {a} FROM {b}", names));
    let read = ["{run} has SELECT on {a}.contacts", "{run} has SELECT on {a}.contacts"];
    slips.push(slip("GRANT SELECT ON {a}.contacts TO {run}", &read, "REVOKE ALL ON {a}.contacts FROM {run}", names));
    slips.push(slip(
        "GRANT SELECT ON platform.users TO {run}",
        &["{run} has SELECT on platform.users"],
        "REVOKE ALL ON platform.users FROM {run}",
        names,
    ));
    slips
}

/// Fresh tenants pass; each right given by hand is named, and nothing else is.
#[tokio::test]
async fn the_audit_names_each_right_too_many() {
    let platform = crate::platform().await;
    let (a, b) = (platform.organization("Alpha").await, platform.organization("Beta").await);
    a.enable("clinic").await;
    b.enable("real-estate").await;
    assert_eq!(findings(&platform).await, Vec::<String>::new());

    let logins = platform.database().logins();
    let names = [
        ("{a}", a.tenant().schema().to_string()),
        ("{b}", b.tenant().schema().to_string()),
        ("{id}", a.tenant().to_string()),
        ("{other}", b.tenant().to_string()),
        ("{run}", logins.runtime_name(Shard(0))),
        ("{platform}", logins.platform_name()),
    ];
    let superuser = platform.database().superuser().await;
    for mut slip in slips(&names) {
        superuser.batch_execute(&slip.change).await.expect(&slip.change);
        let mut found = findings(&platform).await;
        found.sort();
        slip.findings.sort();
        assert_eq!(found, slip.findings, "after {}", slip.change);
        superuser.batch_execute(&slip.undo).await.expect(&slip.undo);
    }
    assert_eq!(findings(&platform).await, Vec::<String>::new());
}

async fn findings(platform: &TestPlatform) -> Vec<String> {
    audit(platform.platform().tenants(), platform.database().logins()).await.expect("an audit")
}

/// `tenantry tenant audit` says the same to operators, and its exit code to their machines.
#[tokio::test]
async fn the_command_exits_with_1_and_names_the_right() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    assert_eq!(command(&platform), (Some(0), "{\"findings\":[]}\n".to_owned()));

    let schema = acme.tenant().schema();
    let superuser = platform.database().superuser().await;
    superuser.batch_execute(&format!("GRANT SELECT ON {schema}.contacts TO PUBLIC")).await.expect("a right");
    let (code, said) = command(&platform);
    assert_eq!(code, Some(1));
    assert_eq!(said, format!("{{\"findings\":[\"PUBLIC has SELECT on {schema}.contacts\"]}}\n"));
}

/// Runs the program on the test's database. It may have a secret of its own: it sets the logins' passwords anew.
fn command(platform: &TestPlatform) -> (Option<i32>, String) {
    let admin = platform.database().logins().admin();
    let password = String::from_utf8(admin.get_password().expect("a password").to_vec()).expect("text");
    let (user, database) = (admin.get_user().expect("a login"), platform.database().logins().database());
    let url = format!("postgres://{user}:{password}@127.0.0.1:{}/{database}", admin.get_ports()[0]);
    let output = Command::new(env!("CARGO_BIN_EXE_tenantry"))
        .args(["tenant", "audit", "--json"])
        .env("DATABASE_URL", url)
        .env("TENANTRY_SECRET", Secret::generate())
        .env("RUST_LOG", "error")
        .output()
        .expect("the program");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

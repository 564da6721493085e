//! What PostgreSQL itself refuses, were a handler, a library or an injection to send it anything at all.

use tenantry_core::tenancy::Shard;
use tenantry_core::testing::{TestDatabase, TestOrganization, TestPlatform};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

struct Setting {
    platform: TestPlatform,
    superuser: Client,
    /// The login of the request path.
    runtime: Client,
    a: TestOrganization,
    b: TestOrganization,
}

impl Setting {
    async fn new() -> Self {
        let platform = crate::platform().await;
        let (a, b) = (platform.organization("Alpha").await, platform.organization("Beta").await);
        for module in tenantry::MODULES {
            a.enable(module).await;
            b.enable(module).await;
        }
        let superuser = platform.database().superuser().await;
        let timeout = std::time::Duration::from_secs(5);
        let runtime = TestDatabase::connect(&platform.database().logins().runtime(Shard(0), timeout)).await;
        Self { platform, superuser, runtime, a, b }
    }

    /// Runs SQL as A's role, as the door would but for what it is, and takes it back.
    async fn as_a(&self, sql: &str) -> Result<(), Error> {
        let schema = self.a.tenant().schema();
        self.after(&format!("BEGIN; SET LOCAL ROLE {schema}; SET LOCAL search_path TO {schema}, pg_temp"), sql).await
    }

    async fn after(&self, enter: &str, sql: &str) -> Result<(), Error> {
        self.runtime.batch_execute(enter).await.expect("a way in");
        let done = self.runtime.batch_execute(sql).await;
        self.runtime.batch_execute("ROLLBACK").await.expect("a way out");
        done
    }

    async fn a_is_denied(&self, sql: &str) {
        denied(sql, self.as_a(sql).await);
    }

    /// The tables of a schema, with one column each.
    async fn tables(&self, schema: &str) -> Vec<(String, String)> {
        let sql = "SELECT DISTINCT ON (table_name) table_name::text, column_name::text FROM information_schema.columns
             WHERE table_schema = $1 ORDER BY table_name, ordinal_position";
        let rows = self.superuser.query(sql, &[&schema]).await.expect("tables");
        assert!(!rows.is_empty(), "{schema} has no tables");
        rows.iter().map(|row| (format!("{schema}.{}", row.get::<_, String>(0)), row.get(1))).collect()
    }
}

#[track_caller]
fn denied(sql: &str, done: Result<(), Error>) {
    let error = done.expect_err(sql);
    assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{sql}: {error:?}");
}

fn every_verb((table, column): &(String, String)) -> [String; 6] {
    [
        format!("SELECT FROM {table}"),
        format!("INSERT INTO {table} DEFAULT VALUES"),
        format!("UPDATE {table} SET {column} = NULL"),
        format!("DELETE FROM {table}"),
        format!("TRUNCATE {table}"),
        format!("LOCK TABLE {table} IN ACCESS SHARE MODE"),
    ]
}

/// The login of the request path may read no table at all; it may only ask to be let in.
#[tokio::test]
async fn a_runtime_login_has_no_rights() {
    let setting = Setting::new().await;
    for schema in [setting.a.tenant().schema().to_string(), "platform".to_owned()] {
        for table in setting.tables(&schema).await {
            for sql in every_verb(&table) {
                denied(&sql, setting.after("BEGIN", &sql).await);
            }
        }
    }
    let ask = "SELECT platform.admit(gen_random_uuid(), gen_random_uuid(), 'owner', '')";
    let refused = setting.runtime.batch_execute(ask).await.expect_err("nobody is let in");
    assert_eq!(refused.code().map(SqlState::code), Some("TN401"));

    let sql = "SELECT count(*) FROM pg_roles r WHERE rolname LIKE current_database() || '\\_run\\_%'
         AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication OR rolinherit
              OR EXISTS (SELECT 1 FROM pg_shdepend d WHERE d.refobjid = r.oid AND d.deptype = 'o'))";
    assert_eq!(setting.superuser.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0), 0);
}

/// A tenant's role has no verb on any table of another tenant or of the platform.
#[tokio::test]
async fn a_tenant_reaches_no_other_schema() {
    let setting = Setting::new().await;
    for schema in [setting.b.tenant().schema().to_string(), "platform".to_owned()] {
        for table in setting.tables(&schema).await {
            for sql in every_verb(&table) {
                setting.a_is_denied(&sql).await;
            }
        }
    }
    setting.a_is_denied("SELECT platform.admit(gen_random_uuid(), gen_random_uuid(), 'owner', '')").await;
}

/// Its own fence can only be read, and the histories of its migrations not even that.
#[tokio::test]
async fn a_tenant_cannot_move_its_fence() {
    let setting = Setting::new().await;
    for sql in
        ["INSERT INTO fence VALUES (gen_random_uuid())", "UPDATE fence SET tenant_id = NULL", "DELETE FROM fence"]
    {
        setting.a_is_denied(sql).await;
    }
    setting.as_a("SELECT FROM fence").await.expect("the seal reads it");
    let tables = setting.tables(&setting.a.tenant().schema().to_string()).await;
    let histories: Vec<_> = tables.iter().filter(|(table, _)| table.contains(".history_")).collect();
    assert_eq!(histories.len(), 1 + tenantry::MODULES.len(), "one of the core, and one of each module");
    for sql in histories.into_iter().flat_map(every_verb) {
        setting.a_is_denied(&sql).await;
    }
}

/// Ways by which statements elsewhere get out of their role, leave something behind, or reach the machine.
const WAYS_OUT: [&str; 29] = [
    "SELECT set_config('role', 'none', true)",
    "SELECT set_config('search_path', 'platform', false)",
    "DO $$ BEGIN RESET ROLE; END $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE TRIGGER mine AFTER INSERT ON contacts EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "ALTER TABLE contacts ADD COLUMN mine int",
    "ALTER TABLE contacts DISABLE ROW LEVEL SECURITY",
    "DROP TABLE contacts",
    "TRUNCATE contacts",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_lock_shared(1, 2)",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "COPY contacts TO PROGRAM 'cat'",
    "COPY contacts TO '/tmp/contacts'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tenantry platform'",
];

/// A tenant's role can make nothing, lock nothing for longer than its transaction, and reach no file or program.
#[tokio::test]
async fn a_tenant_has_no_way_out() {
    let setting = Setting::new().await;
    for sql in WAYS_OUT {
        let refused = setting.as_a(sql).await.expect_err(sql);
        let code = refused.code().expect("an answer of the server").code();
        // Where there is no `postgres` to become, that is the reason given.
        assert!(["42501", "22023"].contains(&code), "{sql}: {refused:?}");
    }
}

/// Statements and statistics of others, which the catalogs show to those who may see the tables, stay hidden.
#[tokio::test]
async fn a_tenant_sees_no_traces_of_others() {
    let setting = Setting::new().await;
    setting.b.owner().post("/contacts", serde_json::json!({ "last_name": "Canary" })).await.expect(201);
    setting.superuser.batch_execute("ANALYZE").await.expect("statistics");
    let b = setting.b.tenant().schema();
    let traces = [
        format!("SELECT 1 / (count(*) = 0)::int FROM pg_stats WHERE schemaname <> 'pg_catalog' AND schemaname = '{b}'"),
        "SELECT 1 / (count(*) = 0)::int FROM pg_stat_activity
         WHERE application_name LIKE 'tenantry%' AND query NOT LIKE '<insufficient privilege>'"
            .to_owned(),
    ];
    for sql in traces {
        setting.as_a(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

/// The role alone would not hold whoever could send SQL of their own choice: a login may take the role of each of its
/// tenants. That is why modules never hold a client, why a fragment refuses `SET`, and why each of their statements
/// travels alone.
#[tokio::test]
async fn a_statement_cannot_bring_a_second_one() {
    let setting = Setting::new().await;
    let b = setting.b.tenant().schema();
    setting.as_a(&format!("SET LOCAL ROLE {b}; SELECT FROM {b}.contacts")).await.expect("what must never be sent");

    let two = setting.runtime.prepare(&format!("SELECT 1; SET LOCAL ROLE {b}")).await;
    assert_eq!(two.expect_err("one statement only").code(), Some(&SqlState::SYNTAX_ERROR));
}

/// No foreign key leaves a schema, so that no row of one tenant can be felt through another's.
#[tokio::test]
async fn no_foreign_key_leaves_a_schema() {
    let setting = Setting::new().await;
    let sql = "SELECT count(*) FILTER (WHERE source.relnamespace <> target.relnamespace), count(*) FROM pg_constraint f
         JOIN pg_class source ON source.oid = f.conrelid JOIN pg_class target ON target.oid = f.confrelid
         WHERE f.contype = 'f'";
    let row = setting.superuser.query_one(sql, &[]).await.expect("counts");
    assert_eq!(row.get::<_, i64>(0), 0);
    assert!(row.get::<_, i64>(1) > 0, "the tables of {:?} have keys", setting.platform.address());
}

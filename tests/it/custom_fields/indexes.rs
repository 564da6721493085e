//! Indexes that follow use.

use std::time::{Duration, Instant};

use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};
use tenantry_core::worker::Worker;
use tokio_postgres::Client;

use super::field;
use crate::support::{count, superuser_in};

async fn quick() -> (TestPlatform, TestOrganization, Client) {
    let change = |config: &mut tenantry_core::config::Config| config.identity.key_use_delay = Duration::from_millis(20);
    let platform = TestPlatform::start_with(tenantry::MODULES, change).await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    (platform, acme, database)
}

const OWN: &str =
    "SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE '%\\_own\\_%'";

async fn until(database: &Client, indexes: i64) {
    let began = Instant::now();
    while count(database, OWN).await != indexes {
        assert!(began.elapsed() < Duration::from_secs(60), "{indexes} indexes are waited for");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn plan(database: &Client, sql: &str) -> String {
    let text = format!("PREPARE own AS {sql}");
    database.batch_execute(&text).await.unwrap();
    let given = if sql.contains("$1") { "(NULL)" } else { "" };
    let rows = database.query(&format!("EXPLAIN EXECUTE own{given}"), &[]).await.unwrap();
    database.batch_execute("DEALLOCATE own").await.unwrap();
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

/// What lists are asked by gets an index, which the very statement of the list uses; what nobody asks by for 90 days loses it.
#[tokio::test]
async fn a_field_that_is_used_has_an_index() {
    let (platform, acme, database) = quick().await;
    let owner = acme.owner();
    for kind in ["number", "text", "date"] {
        field(owner, kind, kind).await;
    }
    let fill = "ALTER TABLE contacts DISABLE TRIGGER journal_made;
        INSERT INTO contacts (id, last_name, custom) SELECT gen_random_uuid(), 'L' || n,
            jsonb_build_object('number', n % 500, 'text', 't' || n % 500, 'date', current_date + n % 500)
        FROM generate_series(1, 5000) n;
        ANALYZE contacts; SET plan_cache_mode = force_generic_plan";
    database.batch_execute(fill).await.unwrap();
    owner.get("/contacts?filter[custom.number]=7").await.expect(200);
    owner.get("/contacts?sort=-custom.text").await.expect(200);
    until(&database, 2).await;
    database.batch_execute("ANALYZE contacts").await.unwrap();
    // The words of `custom/ask.rs`, with the key in its place.
    let number = "(CASE WHEN jsonb_typeof(custom -> 'number') = 'number' THEN (custom ->> 'number')::numeric END)";
    for (index, sql) in [
        ("contacts_own_number_n", format!("SELECT version FROM contacts WHERE {number} = $1")),
        ("contacts_own_number_n", format!("SELECT version FROM contacts ORDER BY {number} DESC, id DESC LIMIT 51")),
        ("contacts_own_text_t", "SELECT version FROM contacts WHERE (custom ->> 'text') = $1".to_owned()),
        ("contacts_own_text_t", "SELECT version FROM contacts ORDER BY (custom ->> 'text'), id LIMIT 51".to_owned()),
    ] {
        let plan = plan(&database, &sql).await;
        assert!(plan.contains(index), "{sql}\n{plan}");
    }
    let scans = "SELECT coalesce(sum(idx_scan), 0)::bigint FROM pg_stat_user_indexes
        WHERE schemaname = current_schema() AND indexrelname LIKE '%\\_own\\_%'";
    let began = Instant::now();
    while count(&database, scans).await == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "the lists do not read the indexes");
        owner.get("/contacts?filter[custom.number]=7&filter[custom.text]=t7").await.expect(200);
        database.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    }

    // Uses of a moment ago may be written down only now, so what is made old may be young again.
    let old =
        "UPDATE platform.field_uses SET used_at = now() - interval '91 days', tried_at = NULL WHERE key = 'number'";
    let (superuser, began) = (platform.database().superuser().await, Instant::now());
    while count(&database, OWN).await != 1 {
        assert!(began.elapsed() < Duration::from_secs(60), "the index is still there");
        superuser.batch_execute(old).await.unwrap();
        Worker::new(platform.platform().clone()).sweep().await.unwrap();
    }
    owner.get("/contacts?filter[custom.number]=7").await.expect(200);
    until(&database, 2).await;
}

/// Twenty fields of a resource have an index at most.
#[tokio::test]
async fn indexes_are_bounded() {
    let (platform, acme, database) = quick().await;
    let owner = acme.owner();
    for n in 0..22 {
        field(owner, &format!("f{n}"), "text").await;
        owner.get(&format!("/contacts?filter[custom.f{n}]=x")).await.expect(200);
    }
    until(&database, 20).await;
    let superuser = platform.database().superuser().await;
    let began = Instant::now();
    while count(&superuser, "SELECT count(*) FROM platform.field_uses").await < 22 {
        assert!(began.elapsed() < Duration::from_secs(60), "uses are not written down");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Worker::new(platform.platform().clone()).sweep().await.unwrap();
    assert_eq!(count(&database, OWN).await, 20);
    owner.post("/contacts", json!({ "last_name": "A" })).await.expect(201);
}

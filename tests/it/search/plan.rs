//! However many records there are, an index finds what fits.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::platform;
use crate::support::{count, superuser_in};

/// No question reads a table, however little there is in it to find.
#[tokio::test]
async fn the_index_is_used() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, first_name, last_name, email)
        SELECT gen_random_uuid(), md5(n::text), md5((n * 7)::text), n || '@example.com' FROM generate_series(1, 20000) n;
        SET plan_cache_mode = force_generic_plan";
    database.batch_execute(fill).await.unwrap();
    // What was written at once waits beside the index until then, which makes the index look dear.
    database.batch_execute("VACUUM ANALYZE contacts").await.unwrap();
    for condition in ["search_text LIKE $1", "search_text OPERATOR(extensions.%>) $1"] {
        let sql = format!("PREPARE found (text) AS SELECT id FROM contacts WHERE {condition} LIMIT 200");
        database.batch_execute(&sql).await.unwrap();
        let plan = database.query("EXPLAIN EXECUTE found ('word')", &[]).await.unwrap();
        database.batch_execute("DEALLOCATE found").await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        assert!(plan.join("\n").contains("contacts_search_idx"), "{condition}\n{}", plan.join("\n"));
    }
    let body = json!({ "last_name": "Lovelace" });
    acme.owner().post("/contacts", body).await.expect(201);
    let found = acme.owner().get("/search?q=lovelase").await.expect(200);
    assert_eq!(found.items()[0]["title"], "Lovelace");
}

/// A word that stands everywhere is looked for in the list's own order; gathered from the index it would cost all records.
#[tokio::test]
async fn a_common_word_is_not_gathered() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, first_name, last_name, created_at)
        SELECT gen_random_uuid(), md5(n::text), 'Everybody', now() - n * interval '1 minute' FROM generate_series(1, 20000) n";
    database.batch_execute(fill).await.unwrap();
    database.batch_execute("VACUUM ANALYZE contacts").await.unwrap();
    let scans = |index: &str| {
        format!(
            "SELECT coalesce(sum(idx_scan), 0)::bigint FROM pg_stat_user_indexes
            WHERE schemaname = current_schema() AND indexrelname = '{index}'"
        )
    };
    let began = Instant::now();
    while count(&database, &scans("contacts_created_at_idx")).await == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "the list does not read its order");
        assert_eq!(acme.owner().get("/contacts?q=everybody").await.expect(200).items().len(), 50);
        database.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    }
    assert_eq!(count(&database, &scans("contacts_search_idx")).await, 0);
}

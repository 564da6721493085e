//! However many records there are, an index finds what fits.

use serde_json::json;

use crate::platform;
use crate::support::superuser_in;

/// Neither of the two questions reads a table, however little there is in it to find.
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

//! A timeline goes on page by page, and costs the same however much there is.

use serde_json::json;

use crate::platform;
use crate::support::superuser_in;

/// All is told once, in one order.
#[tokio::test]
async fn pages_go_on() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let contact = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = format!("{}/timeline", contact.header("location"));
    for n in 0..5 {
        let task = json!({ "title": format!("Task {n}"), "contact_id": contact.id() });
        let task = owner.post("/tasks", task).await.expect(201);
        owner.post(&format!("{}/complete", task.header("location")), json!({})).await.expect(200);
        let note =
            json!({ "kind": "note", "body": "x", "contact_id": contact.id(), "happened_at": "2026-01-01T00:00:00Z" });
        owner.post("/activities", note).await.expect(201);
    }
    let whole = owner.get(&path).await.expect(200);
    assert_eq!((whole.items().len(), &whole.body["next_cursor"]), (16, &json!(null)));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = owner.get(&format!("{path}?limit=3{cursor}")).await.expect(200);
        seen.extend(page.items().to_vec());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, whole.items());
    owner.get(&format!("{path}?cursor=x")).await.problem(400, "malformed_request");
}

/// With 100,000 entries in the journal, 1,000 of them about the record, each part is read off its index and no further than the
/// page: what is touched is a few pages of the database.
#[tokio::test]
async fn it_is_read_off_indexes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    let id = contact.id();
    let fill = format!(
        "INSERT INTO journal (kind, resource, record, change, after, at)
            SELECT 'system', 'contacts', CASE WHEN n % 100 = 0 THEN '{id}' ELSE gen_random_uuid()::text END, 'updated',
                '{{\"notes\": 1}}', now() - make_interval(secs => n) FROM generate_series(1, 100000) n;
         INSERT INTO activities (id, kind, body, happened_at, contact_id)
            SELECT gen_random_uuid(), 'note', 'x', now() - make_interval(secs => n), CASE WHEN n % 100 = 0 THEN '{id}'::uuid END
            FROM generate_series(1, 10000) n;
         ANALYZE journal; ANALYZE activities; ANALYZE tasks; ANALYZE contacts"
    );
    database.batch_execute(&fill).await.unwrap();
    let sql = tenantry_core::timeline_sql!("contacts" about "contact_id");
    let rows = "WITH contacts_in_reach AS NOT MATERIALIZED (SELECT * FROM contacts), activities_in_reach AS NOT MATERIALIZED \
        (SELECT * FROM activities), tasks_in_reach AS NOT MATERIALIZED (SELECT * FROM tasks)";
    let prepare = format!(
        "SET plan_cache_mode = force_generic_plan;
         PREPARE page (uuid, text, uuid, bigint, boolean, boolean) AS {rows} {}",
        sql.as_str()
    );
    database.batch_execute(&prepare).await.unwrap();
    let last = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS) EXECUTE page ('{id}', 'infinity', {last}, 51, true, true)");
    let lines = database.query(&explain, &[]).await.unwrap();
    let plan = lines.iter().map(|line| line.get::<_, String>(0)).collect::<Vec<_>>().join("\n");
    assert!(plan.contains("journal_record_idx") && plan.contains("activities_contact_id_idx"), "{plan}");
    assert!(!plan.contains("Seq Scan on journal") && !plan.contains("Seq Scan on activities"), "{plan}");
    let touched = plan.lines().find_map(|line| line.trim().strip_prefix("Buffers: shared hit=")).unwrap_or_default();
    let touched: u64 = touched.split(' ').next().unwrap_or_default().parse().unwrap_or_default();
    assert!((1..500).contains(&touched), "{touched} pages\n{plan}");
    assert_eq!(acme.owner().get(&format!("/contacts/{id}/timeline?limit=50")).await.expect(200).items().len(), 50);
}

//! What becomes of the values of a deleted field.

use serde_json::json;
use tenantry_core::worker::Worker;

use super::{acme, body, contact, field};
use crate::support::{count, superuser_in};
use crate::trash;

/// Nobody sees them, nothing changes them, and the field comes back with them.
#[tokio::test]
async fn they_are_hidden_and_come_back() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let size = field(owner, "size", "number").await;
    field(owner, "word", "text").await;
    let made = contact(owner, "A", json!({ "size": 7, "word": "w" })).await;
    let path = format!("/contacts/{}", made.id());
    owner.delete(&format!("/custom-fields/{}", size.id())).await.expect(204);

    let shown = owner.get(&path).await.expect(200);
    assert_eq!(shown.body["custom"], json!({ "word": "w" }));
    assert_eq!(owner.get("/contacts").await.expect(200).items()[0]["custom"], json!({ "word": "w" }));
    owner.get("/contacts?filter[custom.size]=7").await.problem(422, "invalid");
    let etag = shown.header("etag");
    owner.patch(&path, etag, json!({ "custom": { "size": 8 } })).await.problem(422, "invalid");
    let changed = owner.patch(&path, etag, json!({ "last_name": "B", "custom": { "word": "v" } })).await.expect(200);
    assert_eq!(changed.body["custom"], json!({ "word": "v" }));
    let refused = owner.post("/custom-fields", body("contacts", "size", "text")).await.problem(409, "key_gone");
    assert_eq!(refused.pointers(), ["/key"]);

    let item = trash::of(owner, size.id()).await;
    trash::restore(owner, &item["id"]).await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200).body["custom"], json!({ "size": 7, "word": "v" }));
    assert_eq!(owner.get("/contacts?filter[custom.size]=7").await.expect(200).items().len(), 1);
}

/// After 30 days a job clears them away, and the key is free.
#[tokio::test]
async fn they_leave_after_thirty_days() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let size = field(owner, "size", "number").await;
    field(owner, "word", "text").await;
    for n in 0..3 {
        contact(owner, "A", json!({ "size": n, "word": "w" })).await;
    }
    owner.delete(&format!("/custom-fields/{}", size.id())).await.expect(204);
    let database = superuser_in(&platform, &acme).await;
    sweep(&platform).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts WHERE custom ? 'size'").await, 3);
    database.batch_execute("UPDATE custom_fields_gone SET since = since - interval '30 days'").await.unwrap();
    sweep(&platform).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts WHERE custom ? 'size'").await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM contacts WHERE custom ? 'word'").await, 3);
    field(owner, "size", "text").await;
}

/// Has the job come up now, and waits until it is done.
async fn sweep(platform: &tenantry_core::testing::TestPlatform) {
    let superuser = platform.database().superuser().await;
    let due = "UPDATE platform.schedules SET due_at = now() WHERE job = 'crm/sweep-custom-fields'";
    superuser.execute(due, &[]).await.unwrap();
    let worker = Worker::new(platform.platform().clone());
    worker.look_at_clock().await.unwrap();
    while worker.turn().await.unwrap() {}
    let began = std::time::Instant::now();
    while count(&superuser, "SELECT count(*) FROM platform.outbox").await > 0 {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "the job does not end");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

//! Every way through the door ends in the tenant's own role and schema, and the one to read cannot write.

use serde_json::json;

use crate::Lab;

/// Alone or in a transaction, to read or to write, a statement runs as the tenant's role, in the tenant's schema.
#[tokio::test]
async fn each_statement_runs_as_its_tenant() {
    let lab = Lab::new().await;
    for _ in 0..2 {
        for organization in [&lab.alpha, &lab.beta] {
            let name = organization.tenant().schema().to_string();
            let three = json!([name, name, name]);
            let read = organization.owner().get("/lab/where").await.expect(200);
            assert_eq!((&read.body["roles"], &read.body["schemas"]), (&three, &three));
            let write = organization.owner().post("/lab/where", json!({})).await.expect(200);
            assert_eq!((&write.body["roles"], &write.body["schemas"]), (&three, &three));
        }
    }
}

/// A handler with a permission to read has a transaction in which PostgreSQL refuses to write.
#[tokio::test]
async fn the_door_to_read_cannot_write() {
    let lab = Lab::new().await;
    let before = lab.contacts().await;
    lab.alpha.owner().get("/lab/sneak").await.expect(500);
    assert_eq!(lab.contacts().await, before);
}

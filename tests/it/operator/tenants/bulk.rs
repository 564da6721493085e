//! `POST /api/v1/operator/tenants/bulk`

use std::time::Instant;

use serde_json::{Value, json};

use crate::platform;
use crate::support::count;

/// Each is made or refused by itself, and the answer tells of each in the order of the request.
#[tokio::test]
async fn each_is_made_or_refused_by_itself() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    client.post("/operator/tenants", json!({ "name": "Taken" })).await.expect(201);
    let items = json!([
        { "name": "Alpha", "modules": ["clinic"] },
        { "name": "Other", "slug": "taken" },
        { "name": "Beta", "modules": ["zebra"] },
        { "name": "株式会社" },
        { "name": "Gamma" },
        { "name": "Taken" },
    ]);
    let reply = client.post("/operator/tenants/bulk", json!({ "items": items })).await.expect(200);
    assert_eq!(reply.column("outcome"), ["created", "refused", "refused", "refused", "created", "exists"]);
    let code = |n: usize| reply.items()[n]["problem"]["code"].clone();
    let pointer = |n: usize| reply.items()[n]["problem"]["errors"][0]["pointer"].clone();
    assert_eq!((code(1), pointer(1)), (json!("slug_taken"), json!("/slug")));
    assert_eq!((code(2), pointer(2)), (json!("invalid"), json!("/modules/0")));
    assert_eq!((code(3), pointer(3)), (json!("invalid"), json!("/slug")));
    assert_eq!(reply.items()[0]["tenant"]["slug"], "alpha");
    assert_eq!(reply.items()[5]["tenant"]["name"], "Taken");
    assert_eq!(count(&platform.database().superuser().await, "SELECT count(*) FROM platform.tenants").await, 3);
}

/// A hundred fit into one request, which can be sent again; one more, or none, is refused as a whole.
#[tokio::test]
async fn a_hundred_can_be_made_and_asked_for_again() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let items = |n: usize| -> Value { (0..n).map(|n| json!({ "name": format!("Firm {n}") })).collect() };
    for wrong in [0, 101] {
        let refused = client.post("/operator/tenants/bulk", json!({ "items": items(wrong) })).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), ["/items"]);
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tenants").await, 0);
    let start = Instant::now();
    // On a slow machine the request may run out of time; what was made stays, and the next one goes on from there.
    let mut reply = client.post("/operator/tenants/bulk", json!({ "items": items(100) })).await;
    while reply.status == 503 {
        reply = client.post("/operator/tenants/bulk", json!({ "items": items(100) })).await;
    }
    println!("a hundred tenants in {:?}", start.elapsed());
    assert!(reply.expect(200).column("outcome").iter().all(|outcome| *outcome != "refused"));
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tenants WHERE status = 'active'").await, 100);
    let again = client.post("/operator/tenants/bulk", json!({ "items": items(100) })).await.expect(200);
    assert!(again.column("outcome").iter().all(|outcome| *outcome == "exists"), "{}", again.text);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.audit_entries").await, 100);
}

//! Whose records it is about: the caller's, as far as they reach, and only what they may see.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use super::{DEALS, fill, january};
use crate::platform;

const PARTS: [(&str, &[&str]); 5] = [
    ("deals.read", &["pipeline", "closed"]),
    ("activities.read", &["activity"]),
    ("tasks.read", &["tasks"]),
    ("contacts.read", &["contacts"]),
    ("companies.read", &["companies"]),
];

/// A part that one may not see is null, and the others are there.
#[tokio::test]
async fn each_part_takes_its_permission() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, DEALS).await;
    for (permission, own) in PARTS {
        let client = acme.with_permissions(&["dashboard.read", permission]).await;
        let shown = january(&client).await;
        for part in PARTS.iter().flat_map(|(_, parts)| *parts) {
            assert_eq!(shown[*part] != Value::Null, own.contains(part), "{permission}: {part}");
        }
        acme.with_permissions(&[permission]).await.get("/dashboard").await.problem(403, "forbidden");
    }
    assert_eq!(january(&acme.viewer().await).await, january(acme.owner()).await);
}

/// Who reaches only one's own has only these in each sum. Another organization has none of them.
#[tokio::test]
async fn only_what_is_reached_counts() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    fill(&platform, &acme, DEALS).await;
    let permissions = [
        "dashboard.read",
        "deals.read",
        "deals.write",
        "tasks.read",
        "tasks.write",
        "contacts.read",
        "contacts.write",
        "companies.read",
        "activities.read",
        "activities.write",
    ];
    let seller = acme.with_scope(&permissions, RecordScope::Own).await;
    acme.owner().post("/contacts", json!({ "last_name": "Hers" })).await.expect(201);
    seller.post("/contacts", json!({ "last_name": "His" })).await.expect(201);
    seller.post("/deals", json!({ "title": "His", "amount": "7", "currency": "EUR" })).await.expect(201);
    let task = json!({ "title": "His", "due_at": "2026-01-01T00:00:00Z" });
    seller.post("/tasks", task.clone()).await.expect(201);
    acme.owner().post("/tasks", task).await.expect(201);
    seller.post("/activities", json!({ "kind": "call", "subject": "His" })).await.expect(201);
    acme.owner().post("/activities", json!({ "kind": "call", "subject": "Hers" })).await.expect(201);
    let figures = async |client: &tenantry_core::testing::TestClient| {
        let now = client.get("/dashboard").await.expect(200).body;
        let calls = now["activity"]["kinds"][0]["count"].clone();
        json!([
            now["pipeline"]["count"],
            now["contacts"]["count"],
            now["tasks"]["all"]["overdue"],
            now["tasks"]["mine"]["overdue"],
            calls
        ])
    };
    assert_eq!(figures(&seller).await, json!([1, 1, 1, 1, 1]));
    assert_eq!(figures(acme.owner()).await, json!([5, 2, 2, 1, 2]));
    assert_eq!(figures(other.owner()).await, json!([0, 0, 0, 0, null]));
    assert_eq!(january(&seller).await["closed"]["period"]["won"], 0);
}

//! `GET /api/v1/operator/tenants`

use serde_json::json;

use crate::platform;

/// Pages follow each other without loss or repetition, newest first unless asked otherwise.
#[tokio::test]
async fn pages_lose_and_repeat_nothing() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(client.post("/operator/tenants", json!({ "name": format!("Firm {n}") })).await.expect(201));
    }
    let mut made: Vec<&str> = made.iter().map(|reply| reply.body["slug"].as_str().unwrap()).collect();
    for (sort, reversed) in [("created_at", false), ("-created_at", true)] {
        let (mut seen, mut path) = (Vec::new(), format!("/operator/tenants?limit=2&sort={sort}"));
        loop {
            let page = client.get(&path).await.expect(200);
            seen.extend(page.column("slug").into_iter().map(str::to_owned));
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("/operator/tenants?limit=2&sort={sort}&cursor={cursor}");
        }
        if reversed {
            made.reverse();
        }
        assert_eq!(seen, made);
    }
    let newest = client.get("/operator/tenants?limit=1").await.expect(200);
    assert_eq!(newest.column("slug"), ["firm-4"]);
}

/// A list can be narrowed by status, short name, and words in either name; a wildcard is a letter.
#[tokio::test]
async fn a_list_can_be_narrowed() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let alpha = client.post("/operator/tenants", json!({ "name": "Müller & Söhne" })).await.expect(201);
    client.post("/operator/tenants", json!({ "name": "Hill Clinic" })).await.expect(201);
    let suspension = format!("/operator/tenants/{}/suspension", alpha.id());
    client.put_json(&suspension, json!({ "reason": "unpaid" })).await.expect(200);
    for (query, slugs) in [
        ("status=suspended", vec!["muller-sohne"]),
        ("status=active", vec!["hill-clinic"]),
        ("status=purged", vec![]),
        ("slug=hill-clinic", vec!["hill-clinic"]),
        ("slug=nowhere", vec![]),
        ("q=M%C3%9CLLER", vec!["muller-sohne"]),
        ("q=muller", vec!["muller-sohne"]),
        ("q=l", vec!["hill-clinic", "muller-sohne"]),
        ("q=%25", vec![]),
        ("q=hill&status=suspended", vec![]),
    ] {
        let page = client.get(&format!("/operator/tenants?{query}")).await.expect(200);
        assert_eq!(page.column("slug"), slugs, "{query}");
    }
    client.get("/operator/tenants?status=zebra").await.problem(422, "invalid");
    client.get("/operator/tenants?limit=0").await.problem(422, "invalid");
    client.get("/operator/tenants?cursor=zebra").await.problem(400, "malformed_request");
}

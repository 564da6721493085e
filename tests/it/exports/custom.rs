//! Exports that are asked for by own fields.

use serde_json::{Value, json};

use crate::custom_fields::{acme, field};
use crate::support::superuser_in;

/// Filters and orders are those of the list, over as many batches as there are.
#[tokio::test]
async fn an_export_is_filtered_and_sorted_by_own_fields() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "size", "number").await;
    field(owner, "tier", "choice").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, last_name, custom)
        SELECT gen_random_uuid(), 'N' || n, CASE WHEN n % 3 = 0 THEN '{}'::jsonb
            ELSE jsonb_build_object('size', n, 'tier', CASE WHEN n % 2 = 0 THEN 'red' ELSE 'green' END) END
        FROM generate_series(1, 1800) n";
    database.batch_execute(fill).await.unwrap();
    let sizes = async |query: &str| -> Vec<Option<i64>> {
        let file = owner.get(&format!("/contacts/export?format=ndjson&{query}")).await.expect(200);
        let record = |line: &str| serde_json::from_str::<Value>(line).unwrap()["custom"]["size"].as_i64();
        file.text.lines().map(record).collect()
    };
    let large = sizes("filter[custom.size][gt]=600&sort=custom.size").await;
    let expected: Vec<_> = (601..=1800).filter(|n| n % 3 != 0).map(Some).collect();
    assert_eq!(large, expected);
    let red = sizes("filter[custom.tier]=red&filter[custom.size][lte]=10&sort=-custom.size").await;
    assert_eq!(red, [Some(10), Some(8), Some(4), Some(2)]);
    let all = sizes("sort=-custom.size").await;
    assert_eq!((all.len(), all[0], all[1199], all[1200]), (1800, Some(1799), Some(1), None));
    assert!(all[1200..].iter().all(Option::is_none), "those without a value come last");
    let narrowed = sizes("filter[custom.tier][null]=true").await;
    assert_eq!(narrowed.len(), 600);
}

/// What the list would refuse is refused.
#[tokio::test]
async fn wrong_questions_are_pointed_at() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "size", "number").await;
    field(owner, "flag", "boolean").await;
    for (query, pointer) in [
        ("filter[custom.zebra]=1", "filter[custom]"),
        ("filter[custom.size]=x", "filter[custom.size]"),
        ("sort=custom.zebra", "sort"),
        ("sort=custom.flag", "sort"),
    ] {
        let refused = owner.get(&format!("/contacts/export?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
    }
    owner.get("/contacts/export?filter[custom.size][has]=1").await.problem(400, "malformed_request");
    let other = json!({ "title": "Call" });
    owner.post("/tasks", other).await.expect(201);
    owner.get("/tasks/export?filter[custom.size]=1").await.problem(400, "malformed_request");
}

//! `PUT /api/v1/pipelines/{id}/stages`

use serde_json::{Value, json};
use uuid::Uuid;

use super::{new_stage, sales, stages};
use crate::platform;
use crate::support::superuser_in;

fn ids(stages: &[Value]) -> Vec<String> {
    stages.iter().map(|stage| stage["id"].as_str().unwrap().to_owned()).collect()
}

/// All stages are put in order at once; nobody's ETag goes stale by it.
#[tokio::test]
async fn stages_are_put_in_order() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let path = format!("/pipelines/{pipeline}/stages");
    let mut order = ids(&stages(owner, &pipeline).await);
    order.reverse();
    let put = owner.put_json(&path, json!({ "stage_ids": order })).await.expect(200);
    assert_eq!(ids(put.items()), order);
    assert_eq!(ids(&stages(owner, &pipeline).await), order);
    order.rotate_left(1);
    owner.put_json(&path, json!({ "stage_ids": order })).await.expect(200);
    assert_eq!(ids(&stages(owner, &pipeline).await), order);
    assert_eq!(owner.get(&format!("{path}/{}", order[0])).await.expect(200).header("etag"), "\"1\"");
    let list = owner.get(&format!("{path}?limit=2&sort=-position")).await.expect(200);
    assert_eq!(ids(list.items()), [order[3].clone(), order[2].clone()]);
}

/// All of them are named, each once, and no other; otherwise nothing changes.
#[tokio::test]
async fn an_order_is_whole() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let path = format!("/pipelines/{pipeline}/stages");
    let order = ids(&stages(owner, &pipeline).await);
    let other = owner.post("/pipelines", json!({ "name": "Other" })).await.expect(201);
    let (_, foreign) = new_stage(owner, other.id(), "X", "open").await;
    let with = |changes: &dyn Fn(&mut Vec<String>)| {
        let mut ids = order.clone();
        ids.reverse();
        changes(&mut ids);
        json!({ "stage_ids": ids })
    };
    for (body, status, pointer) in [
        (with(&|ids| drop(ids.pop())), 422, "/stage_ids"),
        (with(&|ids| ids[3] = ids[0].clone()), 422, "/stage_ids/3"),
        (with(&|ids| ids.push(ids[1].clone())), 422, "/stage_ids/4"),
        (with(&|ids| ids[2] = foreign.clone()), 404, "/stage_ids/2"),
        (with(&|ids| ids[2] = Uuid::new_v4().to_string()), 404, "/stage_ids/2"),
        (with(&|ids| ids[2] = "x".to_owned()), 422, "/stage_ids/2"),
        (json!({ "stage_ids": [] }), 422, "/stage_ids"),
    ] {
        let refused = owner.put_json(&path, body.clone()).await.expect(status);
        assert_eq!(refused.pointers(), [pointer], "{body}");
    }
    assert_eq!(ids(&stages(owner, &pipeline).await), order);
}

/// Where stages were deleted there are gaps, which an order closes.
#[tokio::test]
async fn an_order_closes_gaps() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let path = format!("/pipelines/{pipeline}/stages");
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE stages SET position = 99 WHERE name = 'Closed lost'").await.unwrap();
    let refused = owner.post(&path, json!({ "name": "X", "kind": "open" })).await.problem(409, "too_many_stages");
    assert!(refused.body["detail"].as_str().unwrap().contains("in order"), "{}", refused.text);
    let order = ids(&stages(owner, &pipeline).await);
    owner.put_json(&path, json!({ "stage_ids": order })).await.expect(200);
    new_stage(owner, &pipeline, "X", "open").await;
}

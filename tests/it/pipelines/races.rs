//! `/api/v1/pipelines/{id}/stages`: many at once.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{deal, new_stage, sales, stages};
use crate::platform;
use crate::support::rounds;

/// However many delete the stages of a kind at once, or make another kind of them, one of each kind is left.
#[tokio::test]
async fn one_of_each_kind_is_left() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    for _ in 0..rounds(3) {
        for n in 0..6 {
            for kind in ["open", "won", "lost"] {
                owner
                    .post(
                        &format!("/pipelines/{pipeline}/stages"),
                        json!({ "name": format!("{kind} {n}"), "kind": kind }),
                    )
                    .await;
            }
        }
        let all = stages(owner, &pipeline).await;
        let tries = all.iter().enumerate().map(async |(n, stage)| {
            let path = format!("/pipelines/{pipeline}/stages/{}", stage["id"].as_str().unwrap());
            let reply = match n % 3 {
                0 => owner.patch(&path, "\"1\"", json!({ "kind": if n % 2 == 0 { "won" } else { "open" } })).await,
                _ => owner.delete(&path).await,
            };
            assert!([200, 204, 409, 412].contains(&reply.status.as_u16()), "{}", reply.text);
        });
        join_all(tries).await;
        let left = stages(owner, &pipeline).await;
        for kind in ["open", "won", "lost"] {
            assert!(left.iter().any(|stage| stage["kind"] == kind), "no stage is {kind}: {left:?}");
        }
    }
}

/// A deal that moves to a stage while that is deleted: either it is there and the stage stays, or neither is.
#[tokio::test]
async fn a_stage_goes_or_a_deal_comes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let mut deals = Vec::new();
    for n in 0..10 {
        deals.push(deal(owner, json!({ "title": format!("Deal {n}") })).await);
    }
    for round in 0..rounds(10) {
        let (path, id) = new_stage(owner, &pipeline, &format!("Stage {round}"), "open").await;
        let etags: Vec<String> =
            join_all(deals.iter().map(async |(path, _)| owner.get(path).await.expect(200).header("etag").to_owned()))
                .await;
        let moves = deals.iter().zip(&etags).map(async |((deal, _), etag)| {
            let path = format!("{deal}/move");
            let request = owner.request(reqwest::Method::POST, &path).header("if-match", etag);
            owner.send(request.json(&json!({ "stage_id": id }))).await
        });
        let (moved, deleted) = futures_util::join!(join_all(moves), owner.delete(&path));
        let came = moved.iter().filter(|reply| reply.status == 200).count();
        for reply in moved.iter().filter(|reply| reply.status != 200) {
            assert_eq!((reply.status.as_u16(), reply.pointers()), (404, vec!["/stage_id"]), "{}", reply.text);
        }
        match deleted.status.as_u16() {
            204 => assert_eq!(came, 0, "deals are in a stage that is gone"),
            _ => {
                let deleted = deleted.problem(409, "stage_in_use");
                assert_eq!(came, 10, "{}", deleted.text);
            }
        }
        let there = owner.get(&format!("/deals?filter[stage_id]={id}")).await.expect(200).items().len();
        assert_eq!(there, came);
    }
}

/// Of two dozen orders at once one is the last, and it stands whole.
#[tokio::test]
async fn orders_do_not_mix() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let pipeline = sales(owner).await;
    let ids = |stages: &[Value]| -> Vec<Value> { stages.iter().map(|stage| stage["id"].clone()).collect() };
    let first = ids(&stages(owner, &pipeline).await);
    let orders: Vec<Vec<Value>> = (0..24)
        .map(|n| {
            let mut order = first.clone();
            order.rotate_left(n % 4);
            if n % 2 == 0 {
                order.reverse();
            }
            order
        })
        .collect();
    let path = format!("/pipelines/{pipeline}/stages");
    let tries = orders.iter().map(async |order| {
        owner.put_json(&path, json!({ "stage_ids": order })).await.expect(200);
    });
    join_all(tries).await;
    assert!(orders.contains(&ids(&stages(owner, &pipeline).await)));
}

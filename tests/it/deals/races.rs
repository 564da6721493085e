//! `POST /api/v1/deals/{id}/move`: many at once.

use futures_util::future::join_all;
use serde_json::json;

use super::move_deal;
use crate::pipelines::{deal, new_stage, sales, stage};
use crate::platform;

/// Of fifty who move a deal with one ETag, one does.
#[tokio::test]
async fn one_of_fifty_moves_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let mut targets = vec![stage(owner, "Negotiation").await, stage(owner, "Closed won").await];
    targets.push(new_stage(owner, &sales(owner).await, "Offer", "open").await.1);
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    let tries = (0..50).map(|n| move_deal(owner, &path, "\"1\"", json!({ "stage_id": targets[n % 3] })));
    let replies = join_all(tries).await;
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(replies.iter().all(|reply| [200, 412].contains(&reply.status.as_u16())));
    let now = owner.get(&path).await.expect(200);
    assert_eq!((&now.body, now.header("etag")), (&won[0].body, "\"2\""));
    let moves = owner.get(&format!("{path}/moves")).await.expect(200);
    assert_eq!((moves.items().len(), &moves.items()[0]["to_stage_id"]), (2, &now.body["stage_id"]));
}

/// Moves one behind the other, by many, are a chain without a gap.
#[tokio::test]
async fn moves_are_a_chain() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let targets = [stage(owner, "New").await, stage(owner, "Negotiation").await, stage(owner, "Closed won").await];
    let (path, _) = deal(owner, json!({ "title": "Roof" })).await;
    let movers = (0..10).map(async |n: usize| {
        for step in 0..5 {
            let etag = owner.get(&path).await.expect(200).header("etag").to_owned();
            let reply = move_deal(owner, &path, &etag, json!({ "stage_id": targets[(n + step) % 3] })).await;
            assert!([200, 412].contains(&reply.status.as_u16()), "{}", reply.text);
        }
    });
    join_all(movers).await;
    let moves = owner.get(&format!("{path}/moves?sort=moved_at&limit=200")).await.expect(200);
    for pair in moves.items().windows(2) {
        assert_eq!(pair[1]["from_stage_id"], pair[0]["to_stage_id"], "{}", moves.text);
    }
    let now = owner.get(&path).await.expect(200);
    assert_eq!(moves.items().last().unwrap()["to_stage_id"], now.body["stage_id"]);
}

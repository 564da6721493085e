//! Progressions are made of accepted offers, changed, and reach their milestones.

use futures_util::future::join_all;
use serde_json::json;

use super::{accepted, milestone, progression};
use crate::agency;
use crate::market::{active, offer};

/// An accepted offer has one progression, also where several begin it at once; any other offer has none.
#[tokio::test]
async fn an_accepted_offer_has_one() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let body = json!({ "offer_id": accepted(&agency).await, "target_completion_on": "2027-06-30" });
    let replies = join_all((0..4).map(|_| owner.post("/real-estate/progressions", body.clone()))).await;
    let (made, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(made.len(), 1);
    assert_eq!((&made[0].body["status"], &made[0].body["survey_state"]), (&json!("running"), &json!("to_book")));
    for reply in refused {
        assert_eq!(reply.problem(409, "progression_already").pointers(), ["/offer_id"]);
    }
    let open = offer(&agency, &active(&agency, json!({})).await, "Byron").await;
    let open = json!({ "offer_id": open.rsplit('/').next().unwrap() });
    owner.post("/real-estate/progressions", open).await.problem(409, "not_accepted");
    let unknown = owner.post("/real-estate/progressions", json!({ "offer_id": uuid::Uuid::new_v4() })).await;
    assert_eq!(unknown.problem(404, "not_found").pointers(), ["/offer_id"]);
    agency.viewer().await.post("/real-estate/progressions", body).await.problem(403, "forbidden");
}

/// What is sent changes; lists are narrowed by listing and by when it should be completed.
#[tokio::test]
async fn progressions_are_changed_and_listed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let (one, other) = (progression(&agency).await, progression(&agency).await);
    let change = json!({ "survey_state": "booked", "target_completion_on": "2027-01-15" });
    let changed = owner.patch(one.header("location"), "\"1\"", change).await.expect(200);
    assert_eq!((&changed.body["survey_state"], changed.header("etag")), (&json!("booked"), "\"2\""));
    for (query, ids) in [
        (format!("filter[listing_id]={}", one.body["listing_id"].as_str().unwrap()), vec![one.id()]),
        ("filter[target_completion_on][null]=true".to_owned(), vec![other.id()]),
        ("filter[status]=running&sort=created_at".to_owned(), vec![one.id(), other.id()]),
    ] {
        let list = owner.get(&format!("/real-estate/progressions?{query}")).await.expect(200);
        assert_eq!(list.column("id"), ids, "{query}");
    }
}

/// Milestones come back in the order in which they come, each once, as it was said last.
#[tokio::test]
async fn milestones_are_said_and_said_anew() {
    let (_platform, agency) = agency().await;
    let way = progression(&agency).await;
    milestone(&agency, &way, "searches", json!({ "due_on": "2027-02-01" })).await.expect(200);
    milestone(&agency, &way, "memorandum", json!({ "done_on": "2026-10-01" })).await.expect(200);
    let done = json!({ "due_on": "2027-02-01", "done_on": "2026-11-01" });
    milestone(&agency, &way, "searches", done.clone()).await.expect(200);
    let all = agency.owner().get(&format!("{}/milestones", way.header("location"))).await.expect(200);
    assert_eq!(all.column("name"), ["memorandum", "searches"]);
    assert_eq!(all.items()[1]["done_on"], done["done_on"]);

    for (name, say) in
        [("survey", json!({ "done_on": "2199-01-01" })), ("completed", json!({ "done_on": "2026-11-01" }))]
    {
        assert_eq!(milestone(&agency, &way, name, say).await.problem(422, "invalid").pointers(), ["/done_on"]);
    }
    milestone(&agency, &way, "party", json!({})).await.problem(404, "not_found");
}

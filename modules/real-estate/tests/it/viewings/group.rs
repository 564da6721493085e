//! `POST /api/v1/real-estate/viewings/{id}/join`: several come together.

use futures_util::future::join_all;
use serde_json::json;

use super::{ask, at, booking, confirmed, now, stage, step};
use crate::agency;
use crate::market::contact;

/// As many as it says come, each once and with a viewing of their own, also where many want to at once.
#[tokio::test]
async fn as_many_come_as_there_is_room_for() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let made = ask(&agency, stage.body("10:00", "10:30", json!({ "capacity": 3 }))).await.expect(201);
    let same = json!({ "applicant_id": stage.applicant });
    let refused = step(&agency, &made, "join", same).await.problem(409, "viewing_already");
    assert_eq!(refused.pointers(), ["/applicant_id"]);
    let mut bodies = Vec::new();
    for n in 0..6 {
        bodies.push(json!({ "applicant_id": contact(&agency, &format!("Guest{n}")).await }));
    }
    let replies = join_all(bodies.into_iter().map(|body| step(&agency, &made, "join", body))).await;
    let (came, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(came.len(), 2);
    for reply in refused {
        reply.problem(409, "viewing_full");
    }
    assert_eq!((&came[0].body["booking_id"], &came[0].body["status"]), (&made.body["booking_id"], &json!("requested")));
    let nobody = json!({ "applicant_id": uuid::Uuid::new_v4() });
    step(&agency, &came[0], "cancel", json!({ "reason": "Ill." })).await.expect(200);
    assert_eq!(step(&agency, &made, "join", nobody).await.problem(404, "not_found").pointers(), ["/applicant_id"]);
}

/// What is for one alone has no room for another.
#[tokio::test]
async fn one_alone_is_one_alone() {
    let (_platform, agency) = agency().await;
    let made = ask(&agency, stage(&agency).await.body("10:00", "10:30", json!({}))).await.expect(201);
    let other = json!({ "applicant_id": contact(&agency, "Byron").await });
    step(&agency, &made, "join", other).await.problem(409, "viewing_full");
}

/// The time is taken as long as one of them comes, whoever asked first.
#[tokio::test]
async fn the_time_is_taken_until_the_last_cancels() {
    let (_platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let first = confirmed(&agency, stage.body("10:00", "10:30", json!({ "capacity": 2 }))).await;
    let body = json!({ "applicant_id": contact(&agency, "Byron").await });
    let second = step(&agency, &first, "join", body.clone()).await.expect(201);
    let to = json!({ "starts_at": at("14:00"), "ends_at": at("14:30") });
    step(&agency, &second, "move", to.clone()).await.problem(409, "group_viewing");
    step(&agency, &first, "cancel", json!({ "reason": "Ill." })).await.expect(200);
    assert_eq!(booking(&agency, &second).await["status"], "booked");
    assert_eq!(now(&agency, &second).await["status"], "requested");
    step(&agency, &first, "join", body).await.problem(409, "viewing_over");
    agency.owner().delete(first.header("location")).await.expect(204);
    step(&agency, &second, "move", to).await.expect(200);
    step(&agency, &second, "cancel", json!({ "reason": "Ill too." })).await.expect(200);
    assert_eq!(booking(&agency, &second).await["status"], "cancelled");
}

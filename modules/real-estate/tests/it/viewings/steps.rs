//! Each way that a viewing goes, and each that it does not.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestOrganization, TestPlatform};

use super::{Stage, ask, begin, confirmed, now, stage, step};
use crate::agency;

/// A viewing in a state.
async fn in_state(platform: &TestPlatform, agency: &TestOrganization, stage: &Stage, n: usize, state: &str) -> Reply {
    let body = stage.body(&format!("{:02}:00", 2 * n), &format!("{:02}:30", 2 * n), json!({}));
    if state == "requested" {
        return ask(agency, body).await.expect(201);
    }
    let made = confirmed(agency, body).await;
    if state == "cancelled" {
        step(agency, &made, "cancel", json!({ "reason": "Ill." })).await.expect(200);
    }
    if let Some(verb) = [("done", "complete"), ("no_show", "no-show")].iter().find(|(end, _)| *end == state) {
        begin(platform, agency).await;
        step(agency, &made, verb.1, json!({})).await.expect(200);
    }
    made
}

fn body(verb: &str) -> Value {
    match verb {
        "cancel" => json!({ "reason": "Sold." }),
        "move" => json!({ "starts_at": "2190-06-01T10:00:00Z", "ends_at": "2190-06-01T10:30:00Z" }),
        "feedback" => json!({ "rating": 4 }),
        _ => json!({}),
    }
}

/// From each state each step leads where the table says, or is refused. To the state that it has, a viewing does not go.
#[tokio::test]
async fn only_steps_of_the_table_are_made() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let table = [
        (
            "requested",
            ["confirmed", "!viewing_not_confirmed", "!viewing_not_confirmed", "!viewing_not_done", "cancelled"],
        ),
        ("confirmed", ["confirmed", "!viewing_to_come", "!viewing_to_come", "!viewing_not_done", "cancelled"]),
        ("cancelled", ["!viewing_over", "!viewing_over", "!viewing_over", "!viewing_not_done", "cancelled"]),
        ("done", ["!viewing_over", "done", "!viewing_over", "done", "!viewing_over"]),
        ("no_show", ["!viewing_over", "!viewing_over", "no_show", "!viewing_not_done", "!viewing_over"]),
    ];
    for (n, (state, ways)) in table.into_iter().enumerate() {
        let schema = agency.tenant().schema();
        let superuser = platform.database().superuser().await;
        for (verb, way) in ["confirm", "complete", "no-show", "feedback", "cancel"].into_iter().zip(ways) {
            let made = in_state(&platform, &agency, &stage, n, state).await;
            let reply = step(&agency, &made, verb, body(verb)).await;
            match way.strip_prefix('!') {
                Some(code) => drop(reply.problem(409, code)),
                None => assert_eq!(reply.expect(200).body["status"], way, "{state} {verb}"),
            }
            let gone = format!(
                "DELETE FROM {schema}.viewings; DELETE FROM {schema}.booking_parts; DELETE FROM {schema}.bookings"
            );
            superuser.batch_execute(&gone).await.unwrap();
        }
    }
}

/// What has begun is completed, and not confirmed; what was not settled by then can still be cancelled or moved.
#[tokio::test]
async fn time_goes_on() {
    let (platform, agency) = agency().await;
    let stage = stage(&agency).await;
    let settled = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    let missed = confirmed(&agency, stage.body("11:00", "11:30", json!({}))).await;
    let open = ask(&agency, stage.body("12:00", "12:30", json!({}))).await.expect(201);
    begin(&platform, &agency).await;
    step(&agency, &open, "confirm", json!({})).await.problem(409, "viewing_passed");
    assert_eq!(step(&agency, &settled, "complete", json!({})).await.expect(200).body["status"], "done");
    assert_eq!(step(&agency, &missed, "no-show", json!({})).await.expect(200).body["status"], "no_show");
    assert_eq!(step(&agency, &open, "move", body("move")).await.expect(200).body["status"], "requested");
    step(&agency, &settled, "move", body("move")).await.problem(409, "viewing_over");
}

/// A step is taken once, by one who has seen the version, and not by who may only look.
#[tokio::test]
async fn a_step_is_taken_once() {
    let (_platform, agency) = agency().await;
    let made = ask(&agency, stage(&agency).await.body("10:00", "10:30", json!({}))).await.expect(201);
    let replies = join_all((0..4).map(|_| step(&agency, &made, "confirm", json!({})))).await;
    for reply in &replies {
        assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "\"2\""), "{}", reply.text);
    }
    let path = format!("{}/cancel", made.header("location"));
    let request = agency.owner().request(Method::POST, &path).header("if-match", "\"1\"");
    agency.owner().send(request.json(&body("cancel"))).await.problem(412, "stale_version");
    agency.viewer().await.post(&path, body("cancel")).await.problem(403, "forbidden");
    let refused = agency.owner().post(&path, json!({})).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/reason"]);
    let cancelled = agency.owner().post(&path, body("cancel")).await.expect(200);
    assert_eq!(cancelled.body["cancel_reason"], "Sold.");
    assert_eq!(agency.owner().post(&path, json!({ "reason": "Other." })).await.expect(200).body, cancelled.body);
}

/// What the applicant thinks stands with the viewing, and with what they look for.
#[tokio::test]
async fn feedback_stands_with_what_they_look_for() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let stage = stage(&agency).await;
    let wanted = json!({ "contact_id": stage.applicant, "title": "A home", "kind": "sale" });
    let wanted = owner.post("/real-estate/requirements", wanted).await.expect(201);
    let rented = json!({ "contact_id": stage.applicant, "title": "A flat", "kind": "let" });
    owner.post("/real-estate/requirements", rented).await.expect(201);
    let made = confirmed(&agency, stage.body("10:00", "10:30", json!({}))).await;
    begin(&platform, &agency).await;
    step(&agency, &made, "complete", json!({})).await.expect(200);
    let said = json!({ "interest": "interested", "rating": 5, "text": "The light!" });
    let noted = step(&agency, &made, "feedback", said).await.expect(200);
    assert_eq!((&noted.body["rating"], &noted.body["feedback"]), (&json!(5), &json!("The light!")));
    let matches = format!("{}/matches", wanted.header("location"));
    assert_eq!(owner.get(&matches).await.expect(200).column("interest"), ["interested"]);
    let said = json!({ "interest": "not_interested" });
    let noted = step(&agency, &made, "feedback", said).await.expect(200);
    assert_eq!((&noted.body["rating"], &noted.body["interest"]), (&json!(null), &json!("not_interested")));
    assert_eq!(owner.get(&matches).await.expect(200).column("interest"), ["not_interested"]);
    for (said, pointer) in [(json!({ "rating": 6 }), "/rating"), (json!({ "interest": "bored" }), "/interest")] {
        assert_eq!(step(&agency, &made, "feedback", said).await.problem(422, "invalid").pointers(), [pointer]);
    }
    assert_eq!(now(&agency, &made).await["interest"], "not_interested");
}

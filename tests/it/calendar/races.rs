//! Many want the same time.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

use super::{hour, resource};
use crate::platform;
use crate::support::{rounds, superuser_in};

/// Two hundred book one slot: one has it, the others hear what is free.
#[tokio::test]
async fn one_of_two_hundred_has_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (id, room) = (resource(owner, json!({})).await, resource(owner, json!({ "kind": "room" })).await);
    let tries = (0..200).map(|n| {
        // In either order, and some of them half an hour later: they would wait in a circle, if locks were not ordered.
        let at = if n % 3 == 0 { "2031-01-01T10:30" } else { "2031-01-01T10:00" };
        let body = if n % 2 == 0 { hour(&[&id, &room], at) } else { hour(&[&room, &id], at) };
        patiently(owner, body)
    });
    let replies = join_all(tries).await;
    let won = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(won, 1);
    for reply in replies.into_iter().filter(|reply| reply.status != 201) {
        let refused = reply.problem(409, "slot_taken");
        assert_eq!(refused.body["alternatives"].as_array().unwrap().len(), 5, "{}", refused.text);
    }
}

/// Books, and again where a busy machine says 503: as `Retry-After` asks of everybody.
async fn patiently(owner: &TestClient, body: Value) -> Reply {
    for _ in 0..20 {
        let reply = owner.post("/calendar/bookings", body.clone()).await;
        if reply.status != 503 {
            return reply;
        }
        let seconds = reply.header("retry-after").parse().expect("a number of seconds");
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
    panic!("nothing but 503");
}

/// Of a resource for three, three have it.
#[tokio::test]
async fn as_many_as_fit_have_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for _ in 0..rounds(2) {
        let id = resource(owner, json!({ "capacity": 3 })).await;
        let tries = join_all((0..20).map(|_| owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")))).await;
        assert_eq!(tries.iter().filter(|reply| reply.status == 201).count(), 3);
        owner.post("/calendar/bookings", hour(&[&id], "2031-01-01T11:00")).await.expect(201);
    }
}

/// A hold is confirmed, or somebody else has the time, however close the end of it is.
#[tokio::test]
async fn a_hold_that_ends_goes_to_one_of_two() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let id = resource(owner, json!({})).await;
    let database = superuser_in(&platform, &acme).await;
    for round in 0..rounds(10) {
        let day = 6 + round % 5;
        let mut body = hour(&[&id], &format!("2031-01-{day:02}T10:00"));
        body["hold_minutes"] = json!(1);
        let held = owner.post("/calendar/bookings", body.clone()).await.expect(201);
        let soon = "UPDATE bookings SET expires_at = now() + interval '20 ms' WHERE status = 'held';
            UPDATE booking_parts SET expires_at = now() + interval '20 ms' WHERE expires_at IS NOT NULL";
        database.batch_execute(soon).await.unwrap();
        let confirm = format!("{}/confirm", held.header("location"));
        let others = join_all((0..8).map(|_| owner.post("/calendar/bookings", body.clone())));
        let (confirmed, others) = tokio::join!(owner.post(&confirm, json!({})), others);
        let won = usize::from(confirmed.status == 200) + others.iter().filter(|reply| reply.status == 201).count();
        assert!(won <= 1, "{won} have it");
        let row = database.query_one("SELECT count(*) FROM booking_parts WHERE blocking", &[]).await.unwrap();
        assert!(row.get::<_, i64>(0) <= 1);
        for booking in owner.get("/calendar/bookings?filter[status][in]=held,booked").await.expect(200).column("id") {
            owner.post(&format!("/calendar/bookings/{booking}/cancel"), json!({})).await.expect(200);
        }
    }
}

/// What the lock would forget, the constraint refuses.
#[tokio::test]
async fn the_database_refuses_two_at_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let id = resource(acme.owner(), json!({})).await;
    acme.owner().post("/calendar/bookings", hour(&[&id], "2031-01-01T10:00")).await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    let double = "WITH b AS (INSERT INTO bookings (id, title, status, starts_at, ends_at, resource_ids)
            SELECT gen_random_uuid(), 'x', 'booked', starts_at, ends_at, resource_ids FROM bookings RETURNING id)
        INSERT INTO booking_parts (booking_id, resource_id, minutes_before, minutes_after, period, exclusive)
        SELECT b.id, p.resource_id, 0, 0, p.period, true FROM b, booking_parts p";
    let refused = database.batch_execute(double).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("booking_parts_overlap_excl"));
}

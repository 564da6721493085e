//! Rent is charged as it falls due, paid, and missed where it is not.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};

use super::{day, step, tenancy};
use crate::{agency, given};

const JOB: &str = "real-estate/charge-rent";

async fn charges(client: &TestClient, tenancy: &Reply) -> Reply {
    client.get(&format!("{}/charges?sort=due_on", tenancy.header("location"))).await.expect(200)
}

async fn started(client: &TestClient, terms: Value) -> Reply {
    let made = tenancy(client, &given::property(client).await, terms).await;
    step(client, &made, "start", json!({})).await.expect(200);
    made
}

/// The job charges what fell due until today, each day once, however often and by however many it runs.
#[tokio::test]
async fn rent_is_charged_once() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let weekly =
        started(owner, json!({ "starts_on": day(-15), "ends_on": null, "rent_period": "week", "rent": "300" })).await;
    let monthly = started(owner, json!({ "starts_on": day(-1), "ends_on": null })).await;
    let later = started(owner, json!({ "starts_on": day(1), "ends_on": null })).await;
    let draft = tenancy(owner, &given::property(owner).await, json!({ "starts_on": day(-15), "ends_on": null })).await;
    platform.run_job(JOB).await;
    join_all((0..2).map(|_| platform.run_job(JOB))).await;

    let charged = charges(owner, &weekly).await;
    assert_eq!(charged.column("due_on"), [day(-15), day(-8), day(-1)]);
    assert!(charged.items().iter().all(|charge| charge["amount"] == "300.00" && charge["kind"] == "rent"));
    assert_eq!(charges(owner, &monthly).await.column("due_on"), [day(-1)]);
    for nothing in [&later, &draft] {
        assert!(charges(owner, nothing).await.items().is_empty());
    }
}

/// What fell due behind the last day, or long before the tenancy was started here, is not charged.
#[tokio::test]
async fn rent_is_charged_while_it_is_owed() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let left = started(owner, json!({ "starts_on": day(-15), "ends_on": null, "rent_period": "week" })).await;
    step(owner, &left, "end", json!({ "ends_on": day(-8) })).await.expect(200);
    let old = started(owner, json!({ "starts_on": day(-700), "ends_on": null, "rent_period": "week" })).await;
    platform.run_job(JOB).await;
    assert_eq!(charges(owner, &left).await.column("due_on"), [day(-15), day(-8)]);
    assert_eq!(charges(owner, &old).await.column("due_on"), [day(-28), day(-21), day(-14), day(-7), day(0)]);
}

/// A tenancy that began on a 31st is due on the last day of shorter months, and on the 31st again behind them.
#[tokio::test]
async fn the_31st_comes_again() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = started(owner, json!({ "starts_on": "2026-01-31", "ends_on": "2026-06-15" })).await;
    let begin = format!("UPDATE {}.tenancies SET charged_from = starts_on", agency.tenant().schema());
    platform.database().superuser().await.batch_execute(&begin).await.unwrap();
    platform.run_job(JOB).await;
    let days = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"];
    assert_eq!(charges(owner, &made).await.column("due_on"), days);
}

/// Payments add up to what is owed and no further, also where many come at once.
#[tokio::test]
async fn nobody_pays_more_than_is_owed() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = started(&member, json!({})).await;
    let path = format!("{}/charges", made.header("location"));
    let charge = json!({ "due_on": "2026-03-05", "amount": "100.00", "note": "A broken window." });
    let charge = member.post(&path, charge).await.expect(201);
    assert_eq!((&charge.body["kind"], &charge.body["paid"]), (&json!("other"), &json!("0.00")));
    let payments = format!("{path}/{}/payments", charge.id());
    let pay = json!({ "amount": "30.00", "received_on": "2026-03-06" });
    let replies = join_all((0..6).map(|_| member.post(&payments, pay.clone()))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
    for reply in replies.into_iter().filter(|reply| reply.status != 201) {
        reply.problem(409, "charge_overpaid");
    }
    member.post(&payments, json!({ "amount": "10.00", "received_on": "2026-03-07" })).await.expect(201);
    assert_eq!(member.get(&payments).await.expect(200).items().len(), 4);
    assert_eq!(charges(&member, &made).await.column("paid"), ["100.00"]);

    let nothing = json!({ "amount": "0", "received_on": "2026-03-06" });
    assert_eq!(member.post(&payments, nothing).await.problem(422, "invalid").pointers(), ["/amount"]);
    let other = started(&member, json!({})).await;
    let elsewhere = format!("{}/charges/{}/payments", other.header("location"), charge.id());
    member.post(&elsewhere, pay.clone()).await.problem(404, "not_found");
    agency.viewer().await.post(&payments, pay).await.problem(403, "forbidden");
}

/// Arrears are what fell due until today and is not paid, since the oldest of it.
#[tokio::test]
async fn arrears_are_what_is_overdue() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = started(owner, json!({})).await;
    let path = made.header("location");
    let arrears = async || owner.get(&format!("{path}/arrears")).await.expect(200).body;
    let none = json!({
        "currency": "EUR", "due": "0.00", "paid": "0.00", "outstanding": "0.00", "charges": 0, "since": null,
    });
    assert_eq!(arrears().await, none);
    let mut ids = Vec::new();
    for (due_on, amount) in [(day(-40), "100.00"), (day(-10), "100.50"), (day(0), "7.00"), (day(1), "900.00")] {
        let made =
            owner.post(&format!("{path}/charges"), json!({ "due_on": due_on, "amount": amount })).await.expect(201);
        ids.push(made.id().to_owned());
    }
    for (id, amount) in [(&ids[0], "100.00"), (&ids[1], "0.25")] {
        let paid = json!({ "amount": amount, "received_on": day(-5) });
        owner.post(&format!("{path}/charges/{id}/payments"), paid).await.expect(201);
    }
    let behind = json!({
        "currency": "EUR", "due": "207.50", "paid": "100.25", "outstanding": "107.25", "charges": 2, "since": day(-10),
    });
    assert_eq!(arrears().await, behind);
    owner.get(&format!("/real-estate/tenancies/{}/arrears", uuid::Uuid::new_v4())).await.problem(404, "not_found");
}

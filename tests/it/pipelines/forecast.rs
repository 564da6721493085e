//! `GET /api/v1/pipelines/{id}/forecast`

use serde_json::json;

use super::{deal, sales, stage};
use crate::platform;
use crate::support::superuser_in;

/// Open deals count in the month that they are expected in, won ones in the month that they were won in; each month is there.
#[tokio::test]
async fn it_goes_by_month() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (negotiation, won, lost) =
        (stage(owner, "Negotiation").await, stage(owner, "Closed won").await, stage(owner, "Closed lost").await);
    for (title, stage, amount, currency, close) in [
        ("A", None, "100.00", "EUR", "2027-01-01"),
        ("B", Some(&negotiation), "100.05", "EUR", "2027-01-31"),
        ("C", Some(&negotiation), "9.00", "GBP", "2027-01-15"),
        ("D", None, "5.00", "EUR", "2027-03-01"),
        ("E", None, "1.00", "EUR", "2026-12-31"),
        ("F", None, "1.00", "EUR", "2027-04-01"),
        ("G", Some(&won), "70.00", "EUR", "2027-01-10"),
        ("H", Some(&lost), "80.00", "EUR", "2027-01-10"),
    ] {
        let mut body = json!({ "title": title, "amount": amount, "currency": currency, "expected_close": close });
        if let Some(stage) = stage {
            body["stage_id"] = json!(stage);
        }
        if stage == Some(&lost) {
            body["lost_reason"] = json!("price");
        }
        deal(owner, body).await;
    }
    deal(owner, json!({ "title": "No amount", "expected_close": "2027-03-31" })).await;
    deal(owner, json!({ "title": "No date", "amount": "1", "currency": "EUR" })).await;
    let database = superuser_in(&platform, &acme).await;
    let at = "UPDATE deals SET closed_at = '2027-02-28T23:30:00Z' WHERE title = 'G'";
    database.batch_execute(at).await.unwrap();
    let path = format!("/pipelines/{}/forecast", sales(owner).await);
    let forecast = owner.get(&format!("{path}?from=2027-01-20&until=2027-03-02")).await.expect(200).body;
    let expected = json!([
        { "month": "2027-01-01", "won": [], "expected": [
            { "currency": "EUR", "count": 2, "amount": "200.05", "weighted": "60.03" },
            { "currency": "GBP", "count": 1, "amount": "9.00", "weighted": "4.50" },
        ] },
        { "month": "2027-02-01", "expected": [], "won": [
            { "currency": "EUR", "count": 1, "amount": "70.00", "weighted": "70.00" },
        ] },
        { "month": "2027-03-01", "won": [], "expected": [
            { "currency": "EUR", "count": 1, "amount": "5.00", "weighted": "0.50" },
            { "currency": null, "count": 1, "amount": null, "weighted": null },
        ] },
    ]);
    assert_eq!(forecast["months"], expected);
}

/// Twelve months from now where nothing is said; not an endless time, and not backwards.
#[tokio::test]
async fn the_time_is_bounded() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = format!("/pipelines/{}/forecast", sales(owner).await);
    let months = async |query: &str| {
        let reply = owner.get(&format!("{path}?{query}")).await.expect(200);
        reply.body["months"].as_array().unwrap().len()
    };
    assert_eq!(months("").await, 12);
    assert_eq!(months("from=2024-02-29").await, 12);
    assert_eq!(months("from=2027-01-31&until=2027-01-01").await, 1);
    assert_eq!(months("from=2027-01-01&until=2032-01-31").await, 61);
    for (query, pointer) in [
        ("from=2027-02-01&until=2027-01-31", "until"),
        ("from=2027-01-31&until=2032-02-01", "until"),
        ("from=1900-01-01&until=2200-12-31", "until"),
        ("from=2027-13-01", "from"),
        ("until=soon", "until"),
    ] {
        let refused = owner.get(&format!("{path}?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
    }
    owner.get(&format!("{path}?from=2200-12-31")).await.expect(200);
    owner.get(&format!("{path}?from=2200-12-31&until=2200-12-31")).await.expect(200);
}

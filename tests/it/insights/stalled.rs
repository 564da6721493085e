//! Deals that stay longer than those that were won.

use serde_json::{Value, json};

use super::{of_kind, open, passed};
use crate::dashboard::fill;
use crate::platform;

/// Won deals stayed 1, 2, … 10 days: three of four no more than 7.75, nine of ten no more than 9.1. Where nothing is known, it is
/// thirty days.
#[tokio::test]
async fn what_is_long_is_learnt_from_won_deals() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let won = (1..=10).map(|n| (format!("W{n}"), "Closed won", 10 * n, n));
    // Neither what was lost nor what is long past says anything.
    let others = [("L".to_owned(), "Closed lost", 5, 100), ("Old".to_owned(), "Closed won", 366, 100)];
    fill(&platform, &acme, &passed(won.chain(others))).await;
    let deals = [
        ("Seven", "Negotiation", 7, "1"),
        ("Eight", "Negotiation", 8, "1"),
        ("Ten", "Negotiation", 10, "1"),
        ("29", "New", 29, "1"),
        ("31", "New", 31, "1"),
    ];
    fill(&platform, &acme, &open(&deals)).await;
    let stalled = of_kind(acme.owner(), "stalled_deals").await;
    let list = acme.owner().get("/deals?limit=200").await.expect(200);
    let record = |title: &str| {
        let id = list.items().iter().find(|deal| deal["title"] == title).unwrap()["id"].clone();
        json!({ "resource": "deals", "id": id })
    };
    let shown = |insight: &Value| {
        let figures = &insight["stalled"];
        let figures =
            ["count", "very_long", "long_days", "very_long_days", "examples"].map(|name| figures[name].clone());
        json!([insight["severity"], figures, insight["records"]])
    };
    assert_eq!(stalled.len(), 2, "{stalled:?}");
    assert_eq!(shown(&stalled[0]), json!(["high", [2, 1, 7.75, 9.1, 10], [record("Ten"), record("Eight")]]));
    assert_eq!(shown(&stalled[1]), json!(["medium", [1, null, 30.0, null, 0], [record("31")]]));
    assert_eq!(stalled[0]["title"], "2 open deals have been in Negotiation for long");
    let reason = "Of 10 stays of won deals in Negotiation (Sales) in the last 12 months, three of four took no more than 7.8 days and \
                  nine of ten no more than 9.1. 2 open deals have been there longer than 7.8 days, 1 of them longer than 9.1.";
    assert_eq!(stalled[0]["reason"], reason);
    assert!(
        stalled[1]["reason"].as_str().unwrap().starts_with("1 open deal has been in New (Sales) longer than 30 days.")
    );
}

/// Many are counted, twenty of them are named.
#[tokio::test]
async fn twenty_are_named() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let deals: Vec<_> = (0..25).map(|n| ("x", "New", 40 + n, "1")).collect();
    fill(&platform, &acme, &open(&deals)).await;
    let stalled = of_kind(acme.owner(), "stalled_deals").await;
    assert_eq!((&stalled[0]["stalled"]["count"], stalled[0]["records"].as_array().unwrap().len()), (&json!(25), 20));
}

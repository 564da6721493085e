//! What comes of the deals that pass through a stage.

use serde_json::{Value, json};

use super::{of_kind, open, passed};
use crate::dashboard::fill;
use crate::platform;

fn closed(won: usize, lost: usize) -> String {
    let row = |n: usize| (format!("D{n}"), if n < won { "Closed won" } else { "Closed lost" }, 10, 1);
    passed((0..won + lost).map(row))
}

/// 5 of 20 were won: a quarter. The stage says a half, which is much more. 25.0125 is 25.01, and 50.025 is 50.03.
#[tokio::test]
async fn shares_are_compared_with_what_the_stage_says() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, &closed(5, 15)).await;
    fill(&platform, &acme, &open(&[("A", "Negotiation", 1, "100.05")])).await;
    let shares = of_kind(acme.owner(), "win_share").await;
    assert_eq!(shares.len(), 1, "{shares:?}");
    let (insight, figures) = (&shares[0], &shares[0]["share"]);
    assert_eq!(insight["severity"], "high");
    assert_eq!(insight["title"], "25.0 % of the deals that pass through Negotiation are won");
    assert_eq!(insight["records"], json!([{ "resource": "stages", "id": figures["stage_id"] }]));
    let numbers = ["closed", "won", "share", "probability"].map(|name| figures[name].clone());
    assert_eq!(json!(numbers), json!([20, 5, 25.0, 50]));
    let expected =
        json!([{ "currency": "EUR", "count": 1, "amount": "100.05", "by_share": "25.01", "by_probability": "50.03" }]);
    assert_eq!(figures["expected"], expected);
    let reason = "Of 20 closed deals of the last 12 months that had passed through Negotiation (Sales), 5 were won: 25.0 %. The stage \
                  says 50 %. Its open deals in EUR: 1, together 100.05; by that share 25.01 can be expected, by the stage's own 50.03.";
    assert_eq!(insight["reason"], reason);
    assert_eq!((&insight["stalled"], &insight["drop"]), (&Value::Null, &Value::Null));
}

/// Nineteen are too few. 12 of 20 is ten apart, 11 is less.
#[tokio::test]
async fn it_takes_enough_of_them() {
    let platform = platform().await;
    for (won, lost, severity) in [(0, 19, None), (12, 8, Some("medium")), (11, 9, Some("low"))] {
        let acme = platform.organization(&format!("Acme {won} {lost}")).await;
        fill(&platform, &acme, &closed(won, lost)).await;
        let shares = of_kind(acme.owner(), "win_share").await;
        assert_eq!(
            shares.first().map(|insight| insight["severity"].as_str().unwrap()),
            severity,
            "{won} of {}",
            won + lost
        );
    }
}

//! Weeks with much less than usual.

use serde_json::{Value, json};

use super::of_kind;
use crate::dashboard::fill;
use crate::platform;

/// So many of something in each of the nine weeks, the last one last, at its end and at its beginning.
fn weeks(counts: [usize; 9], insert: &str) -> String {
    let midnight = "date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'";
    let weeks =
        counts.iter().rev().enumerate().map(|(n, count)| format!("({n}, {count})")).collect::<Vec<_>>().join(", ");
    format!(
        "{insert} FROM (VALUES {weeks}) AS w (back, count), generate_series(1, w.count) n,
         LATERAL (SELECT {midnight} - (7 * w.back + CASE n % 2 WHEN 0 THEN 7 ELSE 0 END) * interval '1 day'
             - (n % 2) * interval '1 second' AS at) t;"
    )
}

const ACTIVITIES: &str =
    "INSERT INTO activities (id, kind, subject, happened_at) SELECT gen_random_uuid(), 'call', 'x', t.at";

/// 10, 12, 8, 10, 10, 12, 8, 10: the mean is 10, the deviation √(16 ÷ 7) = 1.51, and 5 is 3.31 of them below. What happens today
/// is of a week that is not over.
#[tokio::test]
async fn much_less_than_usual_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, &weeks([10, 12, 8, 10, 10, 12, 8, 10, 5], ACTIVITIES)).await;
    fill(&platform, &acme, &format!("{ACTIVITIES} FROM (SELECT now() AS at FROM generate_series(1, 50)) t")).await;
    let drops = of_kind(acme.owner(), "unusual_drop").await;
    assert_eq!(drops.len(), 1, "{drops:?}");
    let expected = json!({
        "measure": "activities", "currency": null, "value": 5.0, "weeks": [10.0, 12.0, 8.0, 10.0, 10.0, 12.0, 8.0, 10.0],
        "mean": 10.0, "deviation": 1.51, "z": -3.31,
    });
    assert_eq!((&drops[0]["drop"], &drops[0]["severity"]), (&expected, &json!("high")));
    assert_eq!(drops[0]["title"], "Fewer activities than usual");
    let reason = drops[0]["reason"].as_str().unwrap();
    assert!(
        reason
            .contains("it was 5, in the eight weeks before 10.00 a week on average with a standard deviation of 1.51"),
        "{reason}"
    );
}

/// Where all weeks are alike, a tenth of the mean is the deviation; few of something, or weeks with nothing, say nothing.
#[tokio::test]
async fn it_takes_enough_weeks_and_a_difference() {
    let platform = platform().await;
    for (counts, z) in [
        ([10, 10, 10, 10, 10, 10, 10, 10, 8], None),
        ([10, 10, 10, 10, 10, 10, 10, 10, 7], Some(-3.0)),
        ([4, 4, 4, 4, 4, 4, 4, 4, 0], None),
        ([0, 0, 0, 20, 20, 20, 20, 20, 0], None),
        ([10, 12, 8, 10, 10, 12, 8, 10, 30], None),
    ] {
        let name = format!("Acme {counts:?}").replace(|c: char| !c.is_ascii_alphanumeric(), " ");
        let acme = platform.organization(&name).await;
        fill(&platform, &acme, &weeks(counts, ACTIVITIES)).await;
        let drops = of_kind(acme.owner(), "unusual_drop").await;
        assert_eq!(drops.first().map(|insight| insight["drop"]["z"].as_f64().unwrap()), z, "{counts:?}");
    }
}

/// What was won goes by currency, and new deals by their number.
#[tokio::test]
async fn deals_are_counted_and_what_was_won_is_summed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let insert = "INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, stage_since, closed_at, created_at)
        SELECT gen_random_uuid(), 'x', s.pipeline_id, s.id, s.kind, 50, 'EUR', t.at, t.at, now() - interval '900 days'";
    let won = weeks([2, 2, 2, 2, 2, 2, 2, 2, 1], insert)
        .replace("LATERAL (", "stages s, LATERAL (")
        .replace(" AS at) t;", " AS at) t WHERE s.kind = 'won';");
    fill(&platform, &acme, &won).await;
    let drops = of_kind(acme.owner(), "unusual_drop").await;
    let shown: Vec<Value> =
        drops.iter().map(|insight| json!([insight["title"], insight["drop"]["value"], insight["drop"]["z"]])).collect();
    // 100 a week, and 50: half of it, of which a tenth is the deviation.
    assert_eq!(shown, [json!(["Less value won in EUR than usual", 50.0, -5.0])]);
    let made = "INSERT INTO deals (id, title, pipeline_id, stage_id, status, created_at)
        SELECT gen_random_uuid(), 'x', s.pipeline_id, s.id, s.kind, t.at";
    let made = weeks([6, 6, 6, 6, 6, 6, 6, 6, 1], made)
        .replace("LATERAL (", "stages s, LATERAL (")
        .replace(" AS at) t;", " AS at) t WHERE s.name = 'New';");
    fill(&platform, &acme, &made).await;
    let drops = of_kind(acme.owner(), "unusual_drop").await;
    let measures: Vec<&str> = drops.iter().map(|insight| insight["drop"]["measure"].as_str().unwrap()).collect();
    assert_eq!(measures, ["new_deals", "won_value"]);
}

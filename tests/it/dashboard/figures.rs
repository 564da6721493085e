//! Every figure, of records that can be counted by reading.

use serde_json::{Value, json};

use super::{DEALS, fill, january, sum};
use crate::audit::undo::me;
use crate::platform;

fn total(currency: impl Into<Value>, count: i64, amount: impl Into<Value>, weighted: impl Into<Value>) -> Value {
    let mut total = sum(currency, count, amount);
    total["weighted"] = weighted.into();
    total
}

/// Open deals by stage, and all together: a stage's probability weighs what is there.
#[tokio::test]
async fn the_pipeline_is_summed_by_stage() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, DEALS).await;
    let pipeline = january(acme.owner()).await["pipeline"].clone();
    assert_eq!(pipeline["count"], 4);
    let none = total(Value::Null, 1, Value::Null, Value::Null);
    let all = json!([total("EUR", 2, "200.05", "60.03"), total("GBP", 1, "9.00", "4.50"), none]);
    assert_eq!(pipeline["totals"], all);
    let stages = pipeline["stages"].as_array().unwrap();
    let shown: Vec<Value> = stages
        .iter()
        .map(|stage| json!([stage["name"], stage["probability"], stage["count"], stage["totals"]]))
        .collect();
    let expected = [
        json!(["New", 10, 2, [total("EUR", 1, "100.00", "10.00"), none]]),
        json!(["Negotiation", 50, 2, [total("EUR", 1, "100.05", "50.03"), total("GBP", 1, "9.00", "4.50")]]),
    ];
    assert_eq!(shown, expected);
    let other = acme.owner().post("/pipelines", json!({ "name": "Other" })).await.expect(201);
    let path = format!("/dashboard?from=2026-01-01&until=2026-01-31&pipeline_id={}", other.id());
    let narrow = acme.owner().get(&path).await.expect(200).body;
    assert_eq!((&narrow["pipeline"]["count"], &narrow["closed"]["period"]["won"]), (&json!(0), &json!(0)));
    assert_eq!(narrow["pipeline"]["stages"].as_array().unwrap().len(), 2);
    let unknown = path.replace(other.id(), "00000000-0000-4000-8000-000000000000");
    assert_eq!(acme.owner().get(&unknown).await.expect(200).body["pipeline"]["count"], 0);
}

/// Two won of five that were closed: 0.4. They took 10 and 25 days: 17.5.
#[tokio::test]
async fn what_was_won_and_lost_is_compared_with_the_time_before() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, DEALS).await;
    let closed = january(acme.owner()).await["closed"].clone();
    let period = json!({
        "won": 2, "lost": 3, "win_rate": 0.4, "days_to_win": 17.5,
        "won_totals": [sum("EUR", 2, "100.50")],
        "lost_totals": [sum("EUR", 1, "80.00"), sum("GBP", 1, "5.00"), sum(Value::Null, 1, Value::Null)],
    });
    assert_eq!(closed["period"], period);
    let before = json!({
        "won": 1, "lost": 0, "win_rate": 1.0, "days_to_win": 1.0,
        "won_totals": [sum(Value::Null, 1, Value::Null)], "lost_totals": [],
    });
    assert_eq!(closed["before"], before);
    let nothing = acme.owner().get("/dashboard?from=2020-01-01&until=2020-01-31").await.expect(200).body;
    assert_eq!(nothing["closed"]["period"]["win_rate"], Value::Null);
    assert_eq!(nothing["closed"]["period"]["days_to_win"], Value::Null);
}

const ACTIVITIES: &str = "INSERT INTO activities (id, kind, subject, happened_at)
    SELECT gen_random_uuid(), v.kind, 'x', v.at::timestamptz FROM (VALUES
        ('note', '2026-01-01T00:00:00Z'), ('call', '2026-01-05T10:00:00Z'), ('call', '2026-01-05T23:59:59Z'),
        ('meeting', '2026-01-31T23:59:59Z'), ('call', '2025-12-10T00:00:00Z'), ('email', '2025-12-31T23:59:59Z'),
        ('email', '2026-02-01T00:00:00Z'), ('note', '2025-11-30T23:59:59Z')) AS v (kind, at)";

/// By day in a month, by week in more: the first of January 2026 is a Thursday.
#[tokio::test]
async fn activities_go_by_kind_and_by_day_or_week() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, ACTIVITIES).await;
    let activity = january(acme.owner()).await["activity"].clone();
    let kinds = json!([
        { "kind": "note", "count": 1, "before": 0 }, { "kind": "call", "count": 2, "before": 1 },
        { "kind": "meeting", "count": 1, "before": 0 }, { "kind": "email", "count": 0, "before": 1 },
    ]);
    assert_eq!((&activity["kinds"], &activity["step"]), (&kinds, &json!("day")));
    let steps = activity["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 31);
    let step = |from: &str, count, note, call, meeting, email| json!({ "from": from, "count": count, "note": note, "call": call, "meeting": meeting, "email": email });
    assert_eq!(steps[0], step("2026-01-01", 1, 1, 0, 0, 0));
    assert_eq!(steps[4], step("2026-01-05", 2, 0, 2, 0, 0));
    assert_eq!(steps[30], step("2026-01-31", 1, 0, 0, 1, 0));
    assert_eq!(steps.iter().map(|step| step["count"].as_i64().unwrap()).sum::<i64>(), 4);
    let weeks =
        acme.owner().get("/dashboard?from=2026-01-01&until=2026-02-01").await.expect(200).body["activity"].clone();
    assert_eq!(weeks["step"], "week");
    let expected = json!([
        step("2026-01-01", 1, 1, 0, 0, 0),
        step("2026-01-05", 2, 0, 2, 0, 0),
        step("2026-01-12", 0, 0, 0, 0, 0),
        step("2026-01-19", 0, 0, 0, 0, 0),
        step("2026-01-26", 2, 0, 0, 1, 1),
    ]);
    assert_eq!(weeks["steps"], expected);
}

/// Each open task is counted once: overdue, later today, or in the seven days after.
#[tokio::test]
async fn tasks_are_mine_and_all() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let me = me(acme.owner()).await;
    let tasks = format!(
        "INSERT INTO tasks (id, title, priority, due_at, done_at, created_at, owner_id)
        SELECT gen_random_uuid(), 'x', 'normal', v.due, v.done::timestamptz, '2020-01-01', CASE WHEN v.mine THEN '{me}'::uuid END
        FROM (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 day' AS tomorrow) t,
        LATERAL (VALUES
            (now() - interval '1 second', NULL, true), ('2020-02-01', NULL, false), (tomorrow - interval '1 microsecond', NULL, true),
            (tomorrow, NULL, true), (tomorrow + interval '7 days' - interval '1 microsecond', NULL, false),
            (tomorrow + interval '7 days', NULL, true), (NULL, NULL, true),
            ('2020-02-01', '2026-01-01T00:00:00Z', true), (NULL, '2026-01-31T23:59:59Z', false),
            (NULL, '2026-02-01T00:00:00Z', true), (NULL, '2025-12-31T23:59:59Z', true)
        ) AS v (due, done, mine)"
    );
    fill(&platform, &acme, &tasks).await;
    let expected = json!({
        "mine": { "overdue": 1, "today": 1, "next_7_days": 1, "done": 1 },
        "all": { "overdue": 2, "today": 1, "next_7_days": 2, "done": 2 },
    });
    assert_eq!(january(acme.owner()).await["tasks"], expected);
}

/// Those who came to be known in the period, and in the one before.
#[tokio::test]
async fn new_records_are_counted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = "INSERT INTO contacts (id, last_name, created_at) SELECT gen_random_uuid(), 'x', at::timestamptz FROM unnest(ARRAY[
            '2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z', '2025-12-31T23:59:59Z', '2025-11-30T23:59:59Z']) at;
        INSERT INTO companies (id, name, created_at) SELECT gen_random_uuid(), 'x', at::timestamptz FROM unnest(ARRAY[
            '2026-02-01T00:00:00Z', '2025-12-01T00:00:00Z', '2025-12-01T00:00:00Z']) at";
    fill(&platform, &acme, made).await;
    let january = january(acme.owner()).await;
    assert_eq!(january["contacts"], json!({ "count": 2, "before": 1 }));
    assert_eq!(january["companies"], json!({ "count": 0, "before": 2 }));
}

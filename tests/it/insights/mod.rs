//! `GET /api/v1/insights`

mod drops;
mod model;
mod reach;
mod shares;
mod stalled;

use serde_json::Value;
use tenantry_core::testing::TestClient;

/// The insights of a kind.
pub async fn of_kind(client: &TestClient, kind: &str) -> Vec<Value> {
    let insights = client.get("/insights").await.expect(200);
    insights.items().iter().filter(|insight| insight["kind"] == kind).cloned().collect()
}

/// Closed deals that had been in a stage: title, stage where they ended, days ago, the stage before, days there.
pub const PASSED: &str = "
    WITH v (title, ended, ago, stage, stayed) AS (VALUES {}), made AS (
        INSERT INTO deals (id, title, pipeline_id, stage_id, status, lost_reason, stage_since, closed_at, created_at)
        SELECT gen_random_uuid(), v.title, s.pipeline_id, s.id, s.kind, CASE s.kind WHEN 'lost' THEN 'price' END,
            now() - v.ago * interval '1 day', now() - v.ago * interval '1 day', now() - interval '900 days'
        FROM v JOIN stages s ON s.name = v.ended RETURNING id, title, stage_id, closed_at),
    came AS (INSERT INTO deal_moves (deal_id, to_stage_id, moved_at) SELECT m.id, s.id, now() - interval '900 days'
        FROM made m JOIN v ON v.title = m.title JOIN stages s ON s.name = v.stage)
    INSERT INTO deal_moves (deal_id, from_stage_id, to_stage_id, moved_at, stayed)
    SELECT m.id, s.id, m.stage_id, m.closed_at, v.stayed * 86400 FROM made m JOIN v ON v.title = m.title JOIN stages s ON s.name = v.stage;";

/// So many deals that had been in Negotiation.
pub fn passed(rows: impl IntoIterator<Item = (String, &'static str, i64, i64)>) -> String {
    let row = |(title, ended, ago, stayed)| format!("('{title}', '{ended}', {ago}, 'Negotiation', {stayed})");
    PASSED.replace("{}", &rows.into_iter().map(row).collect::<Vec<_>>().join(", "))
}

/// Open deals: title, stage, days there, amount in euros.
pub fn open(rows: &[(&str, &str, i64, &str)]) -> String {
    let row =
        |(title, stage, days, amount): &(&str, &str, i64, &str)| format!("('{title}', '{stage}', {days}, {amount})");
    format!(
        "INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, stage_since, created_at)
         SELECT gen_random_uuid(), v.title, s.pipeline_id, s.id, s.kind, v.amount, 'EUR', now() - v.days * interval '1 day',
             now() - interval '900 days'
         FROM (VALUES {}) AS v (title, stage, days, amount) JOIN stages s ON s.name = v.stage;",
        rows.iter().map(row).collect::<Vec<_>>().join(", ")
    )
}

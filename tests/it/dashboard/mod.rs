//! `GET /api/v1/dashboard`

mod figures;
pub mod model;
mod periods;
mod plan;
mod reach;

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};

use crate::support::superuser_in;

/// Writes records with the times that they are to have.
pub async fn fill(platform: &TestPlatform, acme: &TestOrganization, sql: &str) {
    superuser_in(platform, acme).await.batch_execute(sql).await.unwrap();
}

/// Deals: title, stage, amount, currency, made, closed.
pub const DEALS: &str = "INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, lost_reason, stage_since, closed_at,
        created_at)
    SELECT gen_random_uuid(), v.title, s.pipeline_id, s.id, s.kind, v.amount::numeric, v.currency, CASE s.kind WHEN 'lost' THEN 'price' END,
        coalesce(v.closed, v.made)::timestamptz, v.closed::timestamptz, v.made::timestamptz
    FROM (VALUES
        ('A', 'New', '100.00', 'EUR', '2026-01-01T00:00:00Z', NULL),
        ('B', 'Negotiation', '100.05', 'EUR', '2026-01-01T00:00:00Z', NULL),
        ('C', 'Negotiation', '9.00', 'GBP', '2026-01-01T00:00:00Z', NULL),
        ('D', 'New', NULL, NULL, '2026-01-01T00:00:00Z', NULL),
        ('Won in 10 days', 'Closed won', '70.00', 'EUR', '2026-01-01T00:00:00Z', '2026-01-11T00:00:00Z'),
        ('Won in 25 days', 'Closed won', '30.50', 'EUR', '2026-01-06T12:00:00Z', '2026-01-31T12:00:00Z'),
        ('Lost at once', 'Closed lost', '80.00', 'EUR', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
        ('Lost, worth nothing', 'Closed lost', NULL, NULL, '2026-01-01T00:00:00Z', '2026-01-15T00:00:00Z'),
        ('Lost in pounds', 'Closed lost', '5.00', 'GBP', '2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z'),
        ('Won just before', 'Closed won', NULL, NULL, '2025-12-30T23:59:59Z', '2025-12-31T23:59:59Z'),
        ('Won long before', 'Closed won', '1.00', 'EUR', '2025-11-01T00:00:00Z', '2025-11-30T23:59:59Z'),
        ('Won just after', 'Closed won', '1.00', 'EUR', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')
    ) AS v (title, stage, amount, currency, made, closed) JOIN stages s ON s.name = v.stage;";

/// The dashboard of January 2026.
pub async fn january(client: &TestClient) -> Value {
    client.get("/dashboard?from=2026-01-01&until=2026-01-31").await.expect(200).body
}

/// Sums of one currency.
pub fn sum(currency: impl Into<Value>, count: i64, amount: impl Into<Value>) -> Value {
    json!({ "currency": currency.into(), "count": count, "amount": amount.into() })
}

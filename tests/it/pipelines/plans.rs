//! Boards and forecasts of many deals: what they read.

use tenantry_core::crm::pipelines::{BOARD, FORECAST};

use super::sales;
use crate::platform;
use crate::support::superuser_in;

/// A hundred thousand deals, a tenth of them open.
const FILL: &str = "INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, expected_close, lost_reason, owner_id,
        stage_since, closed_at)
    SELECT gen_random_uuid(), 'Deal ' || n, s.pipeline_id, s.id, s.kind, n % 9000, CASE n % 3 WHEN 0 THEN 'EUR' ELSE 'GBP' END,
        current_date + n % 400, CASE s.kind WHEN 'lost' THEN 'price' END,
        ('00000000-0000-4000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid,
        now() - n % 1000 * interval '1 day', CASE WHEN s.kind <> 'open' THEN now() - n % 1000 * interval '1 day' END
    FROM generate_series(1, 100000) n
    JOIN stages s ON s.position = CASE WHEN n % 10 = 0 THEN n / 10 % 2 ELSE 2 + n % 2 END";

/// Neither reads the table for its sums, whatever the caller reaches; the board reads what it shows and nothing else.
#[tokio::test]
async fn sums_are_made_from_indexes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let pipeline = sales(acme.owner()).await;
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("ALTER TABLE deals DISABLE TRIGGER journal_made").await.unwrap();
    database.batch_execute(FILL).await.unwrap();
    // Reading from the index alone pays once VACUUM was there, which comes by itself, sooner or later; what counts is that it can be.
    for sql in [
        "ANALYZE deals",
        "SET plan_cache_mode = force_generic_plan",
        "SET enable_seqscan = off",
        "SET enable_bitmapscan = off",
        "SET tenantry.owners = '{00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002}'",
    ] {
        database.batch_execute(sql).await.unwrap();
    }
    for reach in [
        "",
        "WHERE owner_id = '00000000-0000-4000-8000-000000000001'",
        "WHERE owner_id = ANY (current_setting('tenantry.owners')::uuid[])",
    ] {
        let within = format!("WITH deals_in_reach AS NOT MATERIALIZED (SELECT * FROM deals {reach})");
        for (name, types, sql, values) in [
            ("board", "uuid, timestamptz, bigint", BOARD, "now() - interval '30 days', 20"),
            ("forecast", "uuid, date, date", FORECAST, "current_date, current_date + 360"),
        ] {
            let prepare = format!("PREPARE {name} ({types}) AS {within} {}", sql.as_str());
            database.batch_execute(&prepare).await.unwrap();
            let explain = format!("EXPLAIN EXECUTE {name} ('{pipeline}', {values})");
            let rows = database.query(&explain, &[]).await.unwrap();
            database.batch_execute(&format!("DEALLOCATE {name}")).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let plan = plan.join("\n");
            // Of few deals it may be cheaper to read each than to read all in the index.
            assert!(!reach.is_empty() || plan.contains("Index Only Scan"), "{name}\n{plan}");
            assert!(!plan.contains("Seq Scan on deals"), "{name} {reach}\n{plan}");
        }
    }
}

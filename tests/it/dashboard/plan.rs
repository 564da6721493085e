//! However many records there are, indexes alone give the sums.

use std::time::Instant;

use super::fill;
use crate::platform;
use crate::support::{count, superuser_in};

/// Deals, contacts, activities and tasks of three years, a tenth of the deals open.
const FILL: &str = "
    ALTER TABLE deals DISABLE TRIGGER journal_made; ALTER TABLE contacts DISABLE TRIGGER journal_made;
    ALTER TABLE activities DISABLE TRIGGER journal_made; ALTER TABLE tasks DISABLE TRIGGER journal_made;
    INSERT INTO deals (id, title, pipeline_id, stage_id, status, amount, currency, lost_reason, stage_since, closed_at, created_at)
    SELECT gen_random_uuid(), 'Deal ' || n, s.pipeline_id, s.id, s.kind, n % 9000, CASE n % 3 WHEN 0 THEN 'EUR' ELSE 'GBP' END,
        CASE s.kind WHEN 'lost' THEN 'price' END, t.at, CASE WHEN s.kind <> 'open' THEN t.at END, t.at - interval '40 days'
    FROM generate_series(1, 30000) n CROSS JOIN LATERAL (SELECT now() - n % 1000 * interval '1 day' AS at) t
    JOIN stages s ON s.position = CASE WHEN n % 10 = 0 THEN n / 10 % 2 ELSE 2 + n % 2 END;
    INSERT INTO deal_moves (deal_id, from_stage_id, to_stage_id, moved_at, stayed)
    SELECT d.id, s.id, d.stage_id, d.stage_since, 86400 FROM deals d JOIN stages s ON s.position = 0;
    INSERT INTO contacts (id, last_name, created_at)
    SELECT gen_random_uuid(), 'x', now() - n % 1000 * interval '1 day' FROM generate_series(1, 30000) n;
    INSERT INTO activities (id, kind, subject, happened_at)
    SELECT gen_random_uuid(), 'call', 'x', now() - n % 1000 * interval '1 day' FROM generate_series(1, 30000) n;
    INSERT INTO tasks (id, title, priority, due_at, done_at, created_at)
    SELECT gen_random_uuid(), 'x', 'normal', t.at, CASE WHEN n % 20 > 0 THEN t.at END, t.at - interval '1 day'
    FROM generate_series(1, 30000) n CROSS JOIN LATERAL (SELECT now() - n % 1000 * interval '1 day' AS at) t;";

/// Tables that were read from their beginning to their end, and how often indexes were used.
const SCANS: &str =
    "SELECT coalesce(sum(seq_scan), 0)::bigint AS through, coalesce(sum(idx_scan), 0)::bigint AS by_index,
        string_agg(relname || ' ' || seq_scan, ', ') AS told
    FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname = ANY ($1)";

/// Neither the dashboard nor the insights read a table of records through.
#[tokio::test]
async fn no_table_is_read_through() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, FILL).await;
    let database = superuser_in(&platform, &acme).await;
    // What somebody's older snapshot still has to look at, VACUUM leaves for the next time.
    let visible =
        "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relallvisible = relpages
        AND relname IN ('deals', 'deal_moves', 'contacts', 'activities', 'tasks')";
    let vacuum = "VACUUM ANALYZE deals, deal_moves, contacts, activities, tasks";
    database.batch_execute(vacuum).await.unwrap();
    while count(&database, visible).await < 5 {
        database.batch_execute(vacuum).await.unwrap();
    }
    let scans = async |tables: &[&str]| {
        let row = database.query_one(SCANS, &[&tables]).await.unwrap();
        (row.get::<_, i64>("through"), row.get::<_, i64>("by_index"), row.get::<_, String>("told"))
    };
    let most = ["deals", "contacts", "activities", "tasks"];
    let all = ["deals", "contacts", "activities", "tasks", "deal_moves"];
    // Insights count all moves of closed deals of a year, a third of those that are here: to read them one after the other is best.
    for (path, tables) in [("/dashboard", all.as_slice()), ("/insights", most.as_slice())] {
        let (through, by_index, told) = scans(tables).await;
        let (start, mut asked) = (Instant::now(), 0);
        // What a connection has done is told once a second at most.
        while scans(tables).await.1 == by_index {
            acme.owner().get(path).await.expect(200);
            asked += 1;
        }
        println!("{path}: {:?}", start.elapsed() / asked);
        let after = scans(tables).await;
        assert_eq!(after.0, through, "{path}: {told}; then {}", after.2);
    }
}

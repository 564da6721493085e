//! `GET /api/v1/contacts`: every order and filter is served by an index.

use tenantry_core::crm::contacts::ContactSort;
use tenantry_core::http::Sort;

use crate::platform;
use crate::support::superuser_in;

/// Neither the first page nor a later one reads the whole table or sorts it, however large it grows.
#[tokio::test]
async fn each_order_has_an_index() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, first_name, last_name, email, company)
        SELECT gen_random_uuid(), 'First' || n % 50, 'Last' || n, n || '@example.com', 'Company ' || n % 500
        FROM generate_series(1, 5000) n;
        ANALYZE contacts;
        SET plan_cache_mode = force_generic_plan";
    database.batch_execute(fill).await.unwrap();

    let sorts = [
        ContactSort::CreatedAt,
        ContactSort::CreatedAtDesc,
        ContactSort::UpdatedAt,
        ContactSort::UpdatedAtDesc,
        ContactSort::DisplayName,
        ContactSort::DisplayNameDesc,
    ];
    for sort in sorts {
        let order = sort.order();
        let (after, by) = (order.after.as_str(), order.by.as_str());
        let text = if after.contains("timestamptz") { "2026-01-01T00:00:00Z" } else { "Last7" };
        let id = uuid::Uuid::nil();
        for (name, sql, values) in [
            ("first", format!("(bigint) AS SELECT id FROM contacts {by} LIMIT $1"), "(51)".to_owned()),
            (
                "later",
                format!("(text, uuid, bigint) AS SELECT id FROM contacts WHERE {after} {by} LIMIT $3"),
                format!("('{text}', '{id}', 51)"),
            ),
        ] {
            database.batch_execute(&format!("PREPARE {name} {sql}")).await.unwrap();
            let plan = plan(&database, &format!("EXECUTE {name} {values}")).await;
            database.batch_execute(&format!("DEALLOCATE {name}")).await.unwrap();
            assert!(plan.contains("Index") && !plan.contains("Seq Scan") && !plan.contains("Sort"), "{sort:?}\n{plan}");
        }
    }
    let scoped = "UPDATE contacts SET owner_id = ('00000000-0000-4000-8000-' || lpad((abs(hashtext(id::text)) % 100)::text, 12, '0'))::uuid;
        ANALYZE contacts;
        SET tenantry.owners = '{00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002}'";
    database.batch_execute(scoped).await.unwrap();
    for (types, condition, value) in [
        ("uuid, bigint", "owner_id = $1", "'00000000-0000-4000-8000-000000000001', 51"),
        ("bigint", "owner_id = ANY (current_setting('tenantry.owners')::uuid[])", "51"),
    ] {
        let last = types.split(',').count();
        let sql = format!(
            "PREPARE scoped ({types}) AS SELECT id FROM contacts WHERE {condition} ORDER BY created_at, id LIMIT ${last}"
        );
        database.batch_execute(&sql).await.unwrap();
        let plan = plan(&database, &format!("EXECUTE scoped ({value})")).await;
        database.batch_execute("DEALLOCATE scoped").await.unwrap();
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{condition}\n{plan}");
    }
    // Of so few rows even the cheapest index is not worth its price; that there is one is what counts.
    database.batch_execute("SET enable_seqscan = off").await.unwrap();
    for filter in
        ["lower(email) = lower('7@example.com')", "lower(company) = lower('Company 7')", "search_text LIKE '%last499%'"]
    {
        let plan = plan(&database, &format!("SELECT id FROM contacts WHERE {filter}")).await;
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{filter}\n{plan}");
    }
}

async fn plan(database: &tokio_postgres::Client, sql: &str) -> String {
    let rows = database.query(&format!("EXPLAIN {sql}"), &[]).await.unwrap();
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

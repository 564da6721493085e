//! Whatever a list can be asked for is served by an index: the declarations are read, and PostgreSQL is asked for its plans.

use tenantry_core::http::{FieldInfo, FilterOperator, Last, ListingInfo, listings};
use tokio_postgres::Client;

use crate::platform;
use crate::support::superuser_in;

/// Every filter finds its records by an index that begins with its field, and every order is read off one, on every page.
#[tokio::test]
async fn each_filter_and_each_order_has_an_index() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let database = superuser_in(&platform, &acme).await;
    // Of no rows even the cheapest index is not worth its price; that there is one is what counts.
    database
        .batch_execute(
            "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_sort = off; SET jit = off",
        )
        .await
        .unwrap();
    let (mut lists, mut faults) = (0, Vec::new());
    for listing in listings() {
        lists += 1;
        for field in (listing.fields)() {
            faults.extend(unserved_filters(&database, listing, &field).await);
            faults.extend(unserved_orders(&database, listing, &field).await);
        }
        if let Some(search) = listing.search {
            faults.extend(unfound(&database, listing.name, "search_text", search.as_str()).await);
        }
    }
    assert!(lists >= 3, "the declarations of {lists} lists were found");
    assert!(faults.is_empty(), "not served by an index:\n{}", faults.join("\n\n"));
}

async fn unserved_filters(database: &Client, listing: &ListingInfo, field: &FieldInfo) -> Vec<String> {
    let mut faults = Vec::new();
    for filter in field.filters {
        let condition = filter.condition.as_str();
        if filter.operator.seeks() {
            faults.extend(unfound(database, listing.name, field.name, condition).await);
        } else {
            assert_eq!(filter.operator, FilterOperator::Ne, "what else leaves most records in?");
        }
    }
    faults
}

/// The plan, where the records of a condition are not found by an index that begins with a column.
async fn unfound(database: &Client, table: &str, column: &str, condition: &str) -> Option<String> {
    let plan = plan(database, &format!("SELECT version FROM {table} WHERE {condition}")).await;
    let words: Vec<&str> = plan.split_whitespace().collect();
    let index = words.windows(3).find_map(|found| match found {
        ["Index", "Scan", "on"] => None,
        [_, "using", index] | ["Scan", "on", index] if index.contains("_idx") || index.contains("_key") => Some(*index),
        [_, "using", index] => Some(*index),
        _ => None,
    });
    let served = match index {
        Some(index) => {
            let definition = "SELECT coalesce(pg_get_indexdef(to_regclass($1::text), 1, true), ''),
                coalesce(pg_get_indexdef(to_regclass($1::text)), '')";
            let row = database.query_one(definition, &[&index]).await.unwrap();
            let (leading, whole): (String, String) = (row.get(0), row.get(1));
            // An index that holds nothing else needs no condition.
            let of_these = whole.ends_with(&format!("WHERE ({condition})"));
            leading.contains(column) && (plan.contains("Index Cond") || of_these) && !plan.contains("Seq Scan")
        }
        None => false,
    };
    (!served).then(|| {
        format!("{table} WHERE {condition}: add `CREATE INDEX … ON {table} ({column}, id)`, or take the filter out of `criteria!`\n{plan}")
    })
}

async fn unserved_orders(database: &Client, listing: &ListingInfo, field: &FieldInfo) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, after, by, last) in &field.orders {
        let (after, by) = (after.as_str(), by.as_str());
        let mut parts = vec![(String::new(), false), (after.to_owned(), true)];
        if let Some(Last { with, without, after }) = last {
            parts = vec![(parts.remove(1)), (with.as_str().to_owned(), false)];
            parts.extend([(without.as_str().to_owned(), true), (after.as_str().to_owned(), true)]);
        }
        for (condition, bounded) in parts {
            let condition = if condition.is_empty() { condition } else { format!("WHERE {condition}") };
            let sql = format!("SELECT version FROM {} {condition} {by} LIMIT 51", listing.name);
            let plan = plan(database, &sql).await;
            let served = plan.contains("Index") && !plan.contains("Seq Scan") && !plan.contains("Sort");
            if !served || (bounded && !plan.contains("Index Cond")) {
                let (table, column) = (listing.name, field.name);
                faults.push(format!(
                    "{table} by {name} {condition}: add `CREATE INDEX … ON {table} ({column}, id)`, or take `sort` out of \
                     `criteria!`\n{plan}"
                ));
            }
        }
    }
    faults
}

/// Whose records somebody reaches is found by an index too.
#[tokio::test]
async fn each_owner_has_an_index() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let database = superuser_in(&platform, &acme).await;
    database
        .batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET tenantry.owners = '{}'")
        .await
        .unwrap();
    let schema = acme.tenant().schema().to_string();
    let owned = "SELECT table_name::text FROM information_schema.columns
        WHERE table_schema = $1 AND column_name = 'owner_id'";
    let mut faults = Vec::new();
    for row in database.query(owned, &[&schema]).await.unwrap() {
        let table: String = row.get(0);
        for condition in ["owner_id = $1", "owner_id = ANY (current_setting('tenantry.owners')::uuid[])"] {
            faults.extend(unfound(&database, &table, "owner_id", condition).await);
        }
    }
    assert!(faults.is_empty(), "not served by an index:\n{}", faults.join("\n\n"));
}

/// A page of a large table is read off the index with nothing switched off, in a plan that is made once for all values.
#[tokio::test]
async fn a_large_table_is_not_read_whole() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, first_name, last_name, email, company)
        SELECT gen_random_uuid(), 'First' || n % 50, 'Last' || n, n || '@example.com', 'Company ' || n % 500
        FROM generate_series(1, 5000) n;
        ANALYZE contacts;
        SET plan_cache_mode = force_generic_plan";
    database.batch_execute(fill).await.unwrap();
    let contacts = listings().find(|listing| listing.name == "contacts").unwrap();
    for field in (contacts.fields)() {
        let faults = unserved_orders(&database, contacts, &field).await;
        assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    }
}

/// The plan that is made once for all values.
async fn plan(database: &Client, sql: &str) -> String {
    let parameters =
        (1..9).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    let given = if parameters.is_empty() { String::new() } else { format!("({parameters})") };
    database.batch_execute(&format!("PREPARE asked AS {sql}")).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let rows = database.query(&format!("EXPLAIN EXECUTE asked{given}"), &[]).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    database.batch_execute("DEALLOCATE asked").await.unwrap();
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

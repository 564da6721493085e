//! Orders by a field that may have no value: those records come last, both ways, and pages go on across the border.

use serde_json::Value;
use tenantry_core::testing::TestClient;

use crate::platform;
use crate::support::superuser_in;

/// The insurers of all pages in their order.
async fn walk(client: &TestClient, query: &str) -> Vec<(Option<String>, String)> {
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/clinic/patients?{query}{cursor}")).await.expect(200);
        let insurer = |item: &Value| item["insurer"].as_str().map(str::to_owned);
        walked.extend(page.items().iter().map(|item| (insurer(item), item["id"].as_str().unwrap().to_owned())));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return walked,
        }
    }
}

/// What is expected: by insurer and id, either way, and those without one behind.
fn sorted(mut records: Vec<(Option<String>, String)>, backwards: bool) -> Vec<(Option<String>, String)> {
    records.sort();
    if backwards {
        records.reverse();
    }
    let (with, without): (Vec<_>, Vec<_>) = records.into_iter().partition(|(insurer, _)| insurer.is_some());
    [with, without].concat()
}

/// Whatever there is and however long the pages are, nothing is lost, repeated or out of place.
#[tokio::test]
async fn records_without_a_value_come_last() {
    let platform = platform().await;
    let clinic = platform.organization("Clinic").await;
    clinic.enable("clinic").await;
    let database = superuser_in(&platform, &clinic).await;
    let seed = rand::random::<u32>();
    println!("seed {seed}");
    let insert = "WITH seeded AS MATERIALIZED (SELECT setseed($1)),
        people AS (
            INSERT INTO contacts (id, last_name) SELECT gen_random_uuid(), 'P' || n FROM seeded, generate_series(1, 40) n
            RETURNING id, last_name
        )
        INSERT INTO patients (id, contact_id, number, date_of_birth, gender, insurer)
        SELECT gen_random_uuid(), id, last_name, '1990-01-01', 'female',
            CASE WHEN random() < 0.5 THEN 'i' || floor(random() * 6) END
        FROM people RETURNING insurer, id::text";
    let made = database.query(insert, &[&(f64::from(seed) / f64::from(u32::MAX))]).await.unwrap();
    let all: Vec<(Option<String>, String)> = made.iter().map(|row| (row.get(0), row.get(1))).collect();
    let without = all.iter().filter(|(insurer, _)| insurer.is_none()).count();

    for limit in [1, 2, 3, 7, without, 40 - without, 39, 40, 50] {
        for (sort, backwards) in [("insurer", false), ("-insurer", true)] {
            let limit = limit.max(1);
            let walked = walk(clinic.owner(), &format!("limit={limit}&sort={sort}")).await;
            assert_eq!(walked, sorted(all.clone(), backwards), "{sort}, {limit} a page, seed {seed}");
        }
    }
    let some = |keep: fn(&Option<String>) -> bool| all.iter().filter(|(insurer, _)| keep(insurer)).cloned().collect();
    for (filter, kept) in [
        ("filter[insurer][null]=true", some(Option::is_none)),
        ("filter[insurer][null]=false", some(Option::is_some)),
        ("filter[insurer][in]=i1,i2", some(|insurer| matches!(insurer.as_deref(), Some("i1" | "i2")))),
        ("filter[insurer][ne]=i1", some(|insurer| insurer.as_deref() != Some("i1"))),
    ] {
        for (sort, backwards) in [("insurer", false), ("-insurer", true)] {
            let walked = walk(clinic.owner(), &format!("limit=3&sort={sort}&{filter}")).await;
            assert_eq!(walked, sorted(Vec::clone(&kept), backwards), "{sort}, {filter}, seed {seed}");
        }
    }
}

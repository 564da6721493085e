//! Random records, merged at random and taken back: every row is what it was.

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::testing::TestClient;
use tokio_postgres::Client;

use super::{contact, patient, undo};
use crate::audit::acme;
use crate::support::{rounds, superuser_in};

const TABLES: [&str; 6] = ["contacts", "companies", "positions", "patients", "deals", "properties"];

/// All rows, but for what counts changes.
async fn rows(database: &Client) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let sql = format!(
            "SELECT '{table} ' || (to_jsonb(t) - '{{version,updated_at}}'::text[])::text FROM {table} t ORDER BY 1"
        );
        all.extend(database.query(&sql, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
    }
    all
}

fn maybe(random: &mut StdRng, value: Value) -> Value {
    if random.random_bool(0.5) { value } else { Value::Null }
}

async fn fill(by: &TestClient, random: &mut StdRng) -> (Vec<String>, Vec<String>) {
    let (mut contacts, mut companies) = (Vec::new(), Vec::new());
    for n in 0..4 {
        let tags: Vec<String> = (0..random.random_range(0..4)).map(|n| format!("tag {n}")).collect();
        let email = maybe(random, json!(format!("c{n}@example.com")));
        let body = json!({ "name": format!("Company {n}"), "email": email, "tags": tags });
        companies.push(by.post("/companies", body).await.expect(201).id().to_owned());
    }
    for n in 0..7 {
        let emails: Vec<Value> = (0..random.random_range(0..3))
            .map(|n| json!({ "label": "work", "email": format!("w{n}@example.com") }))
            .collect();
        let body = json!({
            "first_name": maybe(random, json!(format!("First {n}"))), "last_name": format!("Last {n}"),
            "email": maybe(random, json!(format!("p{}@example.com", n % 3))), "phone": maybe(random, json!(format!("+43123456{n}"))),
            "notes": maybe(random, json!("Notes")), "emails": emails,
        });
        contacts.push(contact(by, body).await);
    }
    for (n, contact) in contacts.iter().enumerate() {
        for company in &companies {
            if random.random_bool(0.5) {
                let put = json!({ "title": maybe(random, json!("Miller")), "is_primary": random.random_bool(0.5) });
                by.put_json(&format!("/contacts/{contact}/companies/{company}"), put).await.expect(200);
            }
        }
        if random.random_bool(0.3) {
            patient(by, contact, &format!("P-{n}")).await;
        }
    }
    for n in 0..6 {
        let (contact, company) =
            (&contacts[random.random_range(0..contacts.len())], &companies[random.random_range(0..companies.len())]);
        let body = json!({ "title": format!("Deal {n}"), "contact_id": maybe(random, json!(contact)), "company_id": maybe(random, json!(company)) });
        by.post("/deals", body).await.expect(201);
    }
    (contacts, companies)
}

/// Whatever is merged into whatever: nothing names a merged record any more, and undoing leaves exactly the rows that were there.
#[tokio::test]
async fn what_was_merged_is_taken_apart_again() {
    let seed: u64 = std::env::var("TENANTRY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("TENANTRY_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let database = superuser_in(&platform, &acme).await;
    let (contacts, companies) = fill(owner, &mut random).await;
    let mut merges = 0;
    for round in 0..rounds(12) {
        let (resource, mut ids) =
            if random.random_bool(0.6) { ("contacts", contacts.clone()) } else { ("companies", companies.clone()) };
        ids.shuffle(&mut random);
        let merged = &ids[1..=random.random_range(1..4)];
        let before = rows(&database).await;
        let mut body = json!({ "resource": resource, "keep": ids[0], "merge": merged });
        if random.random_bool(0.3) {
            body["fields"] = json!({ "email": merged[0], "tags": merged[0] });
        }
        let reply = owner.post("/merges", body).await;
        if reply.status == 409 {
            reply.problem(409, "merge_conflicts");
            assert_eq!(rows(&database).await, before, "seed {seed}, round {round}: a refusal has changed something");
            continue;
        }
        let merge = reply.expect(201).body;
        let now = rows(&database).await;
        for id in merged {
            assert!(!now.iter().any(|row| row.contains(id)), "seed {seed}, round {round}: {id} is named");
        }
        undo(owner, &merge).await.expect(200);
        assert_eq!(rows(&database).await, before, "seed {seed}, round {round}");
        merges += 1;
    }
    assert!(merges > 0, "seed {seed}: nothing was merged");
}

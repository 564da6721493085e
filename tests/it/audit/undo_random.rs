//! Undoing against a model: random work of two people, of which one's is taken back, and put back again.

use std::collections::BTreeMap;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use super::undo::{acme, all_of, apply, me, preview};
use crate::support::{rounds, superuser_in};

const FIELDS: [&str; 5] = ["first_name", "email", "phone", "company", "notes"];

/// A contact in the model: who made it and which fields have which values. Neither person touches what the other has touched.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    maker: usize,
    fields: BTreeMap<&'static str, Value>,
    /// Who alone may work on a field.
    owner: BTreeMap<&'static str, usize>,
}

/// Contacts by id, as the API shows them.
async fn shown(client: &TestClient) -> BTreeMap<String, BTreeMap<&'static str, Value>> {
    let list = client.get("/contacts?limit=200").await.expect(200);
    let fields = |item: &Value| FIELDS.iter().map(|field| (*field, item[*field].clone())).collect();
    list.items().iter().map(|item| (item["id"].as_str().unwrap().to_owned(), fields(item))).collect()
}

fn value(field: &str, random: &mut StdRng) -> Value {
    match random.random_range(0..4) {
        0 => Value::Null,
        _ if field == "email" => json!(format!("a{}@example.com", random.random_range(0..5))),
        _ if field == "phone" => json!(format!("+431588580{}", random.random_range(0..5))),
        _ => json!(format!("{field} {}", random.random_range(0..5))),
    }
}

async fn work(by: &TestClient, who: usize, models: &mut BTreeMap<String, Model>, random: &mut StdRng) {
    let ids: Vec<String> = models.keys().cloned().collect();
    match random.random_range(0..10) {
        0 | 1 => {
            let fields: BTreeMap<&str, Value> = FIELDS.iter().map(|field| (*field, value(field, random))).collect();
            let mut body = json!(fields);
            body["last_name"] = json!("Random");
            let made = by.post("/contacts", body).await.expect(201);
            let owner = FIELDS.iter().map(|field| (*field, who)).collect();
            models.insert(made.id().to_owned(), Model { maker: who, fields, owner });
        }
        // One deletes one's own, or what nobody else has touched.
        2 if !ids.is_empty() => {
            let id = &ids[random.random_range(0..ids.len())];
            let model = &models[id];
            if model.owner.values().all(|owner| *owner == who || *owner > 1) && (model.maker == who || model.maker > 1)
            {
                by.delete(&format!("/contacts/{id}")).await.expect(204);
                models.remove(id);
            }
        }
        _ if !ids.is_empty() => {
            let id = &ids[random.random_range(0..ids.len())];
            let model = models.get_mut(id).unwrap();
            if model.maker < 2 && model.maker != who {
                return;
            }
            let mut change = serde_json::Map::new();
            for field in FIELDS {
                let free = model.owner.get(field).is_none_or(|owner| *owner == who || *owner > 1);
                if free && random.random_range(0..3) == 0 {
                    let value = value(field, random);
                    model.owner.insert(field, who);
                    model.fields.insert(field, value.clone());
                    change.insert(field.to_owned(), value);
                }
            }
            let path = format!("/contacts/{id}");
            let etag = by.get(&path).await.expect(200).header("etag").to_owned();
            by.patch(&path, &etag, change.into()).await.expect(200);
        }
        _ => {}
    }
}

/// Two people work at random on what was there before, each on other fields, and make and delete records. Undoing the one
/// leaves exactly what the other's work alone would have made; undoing that puts everything back.
#[tokio::test]
async fn exactly_the_effects_of_one_are_taken_back() {
    let seed: u64 = std::env::var("TENANTRY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("TENANTRY_SEED={seed}");
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for round in 0..rounds(4) {
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(round as u64));
        let people = [acme.member().await, acme.member().await];
        let mut models = BTreeMap::new();
        for (id, fields) in shown(owner).await {
            models.insert(id, Model { maker: 2, fields, owner: BTreeMap::new() });
        }
        // What the other one alone would have made: the same steps, without those of the first.
        let start = models.clone();
        for _ in 0..40 {
            let who = random.random_range(0..2);
            work(&people[who], who, &mut models, &mut random).await;
        }
        let both = shown(owner).await;
        let undo = preview(owner, &people[0]).await;
        assert_eq!(undo["conflicts"], 0, "seed {seed}, round {round}");
        let applied = apply(owner, &undo, "refuse").await.expect(200);

        let mut expected = BTreeMap::new();
        for (id, model) in start.iter().chain(models.iter().filter(|(_, model)| model.maker == 1)) {
            let Some(now) = models.get(id) else {
                // Deleted by one of them: it is back if that was the first.
                if both.contains_key(id) {
                    continue;
                }
                expected.insert(id.clone(), model.fields.clone());
                continue;
            };
            let mut fields = model.fields.clone();
            for (field, who) in &now.owner {
                if *who == 1 {
                    fields.insert(field, now.fields[field].clone());
                }
            }
            expected.insert(id.clone(), fields);
        }
        let without = shown(owner).await;
        // Those that the second one has deleted stay away.
        let gone = deleted_by(owner, &people[1]).await;
        expected.retain(|id, _| !gone.contains(id));
        assert_eq!(without, expected, "seed {seed}, round {round}");

        let mut back = all_of(&me(owner).await);
        back["request_id"] = json!(applied.header("x-request-id"));
        let back = owner.post("/undos", back).await.expect(201).body;
        apply(owner, &back, "refuse").await.expect(200);
        assert_eq!(shown(owner).await, both, "seed {seed}, round {round}");
    }
}

async fn deleted_by(owner: &TestClient, person: &TestClient) -> Vec<String> {
    let user = me(person).await;
    let found =
        owner.get(&format!("/audit?limit=200&resource=contacts&change=deleted&user_id={user}")).await.expect(200);
    found.column("record").into_iter().map(str::to_owned).collect()
}

/// A thousand records are undone in a few statements; one more is too many.
#[tokio::test]
async fn a_thousand_records_are_undone_at_once() {
    let (platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let user = me(&member).await;
    let database = superuser_in(&platform, &acme).await;
    let import = |count: usize| {
        format!(
            "SET tenantry.actor = '(person,{user},,,contacts_create,)';
             INSERT INTO contacts (id, last_name, notes) SELECT gen_random_uuid(), 'Many', repeat('x', 500)
                FROM generate_series(1, {count});
             UPDATE contacts SET phone = '1', version = version + 1;
             RESET tenantry.actor"
        )
    };
    database.batch_execute(&import(1000)).await.unwrap();
    let start = Instant::now();
    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], &undo["conflicts"]), (&json!(1000), &json!(0)));
    let previewed = start.elapsed();
    let applied = apply(owner, &undo, "refuse").await.expect(200);
    println!("1,000 records: preview {previewed:?}, all {:?}", start.elapsed());
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 0);
    let mut back = all_of(&me(owner).await);
    back["request_id"] = json!(applied.header("x-request-id"));
    let back = owner.post("/undos", back).await.expect(201).body;
    apply(owner, &back, "refuse").await.expect(200);
    assert_eq!(crate::support::count(&database, "SELECT count(*) FROM contacts WHERE phone = '1'").await, 1000);

    database.batch_execute(&import(1)).await.unwrap();
    let reply = owner.post("/undos", all_of(&user)).await.problem(422, "invalid");
    assert_eq!(reply.pointers(), ["/until"]);
}

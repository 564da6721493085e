//! `GET /contacts/duplicates` and `/contacts/{id}/duplicates`.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use crate::platform;
use crate::support::superuser_in;

/// Contacts that have an address, a number or a name in common, page by page.
#[tokio::test]
async fn what_is_equal_is_grouped() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for (name, email, phone) in [
        ("Ada", "ada@example.com", "+431234567"),
        ("Ada L", "ADA@example.com", "+431234568"),
        ("Mary", "mary@example.com", "+431234568"),
        ("mary", "m@example.com", "+431234569"),
        ("Ann", "zoe@example.com", "+431234561"),
        ("Zoe", "zoe@example.com", "+431234562"),
        ("Zoe S", "Zoe@example.com", "+431234563"),
    ] {
        owner.post("/contacts", json!({ "last_name": name, "email": email, "phone": phone })).await.expect(201);
    }
    let first = owner.get("/contacts/duplicates?limit=1").await.expect(200);
    let group = &first.items()[0];
    assert_eq!(
        (&group["reason"], &group["value"], &group["count"]),
        (&json!("email"), &json!("ada@example.com"), &json!(2))
    );
    assert_eq!(group["contacts"][0]["display_name"], "Ada");
    let next = format!("/contacts/duplicates?limit=1&cursor={}", first.body["next_cursor"].as_str().unwrap());
    let second = owner.get(&next).await.expect(200);
    assert_eq!((&second.items()[0]["value"], &second.items()[0]["count"]), (&json!("zoe@example.com"), &json!(3)));
    assert!(second.body["next_cursor"].is_null());
    for (by, values) in [("phone", vec!["431234568"]), ("name", vec!["mary"])] {
        assert_eq!(owner.get(&format!("/contacts/duplicates?by={by}")).await.expect(200).column("value"), values);
    }
    let clerk = acme.with_scope(&["contacts.read", "contacts.write"], RecordScope::Own).await;
    clerk.post("/contacts", json!({ "last_name": "Mine", "email": "ada@example.com" })).await.expect(201);
    assert!(clerk.get("/contacts/duplicates").await.expect(200).items().is_empty());
}

/// Of one contact also those whose names are alike; the likeliest first, each with why.
#[tokio::test]
async fn what_is_alike_is_found_for_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let make = async |first: &str, last: &str, email: Option<&str>, phone: Option<&str>| {
        let body = json!({ "first_name": first, "last_name": last, "email": email, "phone": phone });
        owner.post("/contacts", body).await.expect(201).id().to_owned()
    };
    let one = make("Zoë", "Somerville", Some("zoe@example.com"), Some("+431234567")).await;
    let same = make("Zoe", "Somerville", Some("ZOE@example.com"), None).await;
    let typo = make("Zoe", "Sommerville", None, None).await;
    let number = make("Another", "Person", None, Some("+431234567")).await;
    make("Ada", "Lovelace", Some("ada@example.com"), None).await;
    let further = json!({ "last_name": "Quite Different", "emails": [{ "email": "Zoe@Example.com" }] });
    let further = owner.post("/contacts", further).await.expect(201).id().to_owned();
    let found = owner.get(&format!("/contacts/{one}/duplicates")).await.expect(200);
    let ids: Vec<&str> = found.items().iter().map(|item| item["contact"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&same, &further, &number, &typo], "{}", found.text);
    let reasons: Vec<_> = found.items().iter().map(|item| item["reasons"].clone()).collect();
    assert_eq!(reasons, [json!(["email", "name"]), json!(["email"]), json!(["phone"]), json!(["name"])]);
    assert!(found.items().iter().all(|item| (0.0..=1.0).contains(&item["score"].as_f64().unwrap())));
    owner.get(&format!("/contacts/{}/duplicates", uuid::Uuid::new_v4())).await.problem(404, "not_found");
}

/// However many share one of two names.
#[tokio::test]
async fn whoever_is_alike_is_found_in_a_crowd() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let crowd = "INSERT INTO contacts (id, first_name, last_name)
        SELECT gen_random_uuid(), 'Maria', substr(md5(n::text), 1, 10) FROM generate_series(1, 1000) n";
    database.batch_execute(crowd).await.unwrap();
    let make = async |last: &str| {
        let body = json!({ "first_name": "Maria", "last_name": last });
        acme.owner().post("/contacts", body).await.expect(201).id().to_owned()
    };
    let (one, typo) = (make("Oliveira").await, make("Olivera").await);
    let found = acme.owner().get(&format!("/contacts/{one}/duplicates")).await.expect(200);
    assert_eq!(found.items()[0]["contact"]["id"].as_str(), Some(typo.as_str()), "{}", found.text);
}

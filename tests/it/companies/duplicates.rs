//! `GET /companies/duplicates` and `/companies/{id}/duplicates`.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use crate::platform;

/// Companies that have an address, a number, a page's host or a name in common, page by page.
#[tokio::test]
async fn what_is_equal_is_grouped() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for (name, email, phone, website) in [
        ("Mill", "office@mill.example", "+431234567", "https://www.mill.example/about"),
        ("Mill Ltd", "OFFICE@mill.example", "+431234568", "http://Mill.example"),
        ("Baker", "b@baker.example", "+431234568", "https://baker.example?x=1"),
        ("baker", "c@baker.example", "+431234569", "https://shop.baker.example"),
        ("Zoo", "z@zoo.example", "+431234570", "https://zoo.example:8443/a"),
        ("Zoo 2", "Z@zoo.example", "+431234571", "https://zoo.example/b"),
    ] {
        let body = json!({ "name": name, "email": email, "phone": phone, "website": website });
        owner.post("/companies", body).await.expect(201);
    }
    owner.post("/companies", json!({ "name": "Bare" })).await.expect(201);
    owner.post("/companies", json!({ "name": "Bare too" })).await.expect(201);
    let first = owner.get("/companies/duplicates?limit=1").await.expect(200);
    let group = &first.items()[0];
    assert_eq!(
        (&group["reason"], &group["value"], &group["count"]),
        (&json!("email"), &json!("office@mill.example"), &json!(2))
    );
    assert_eq!(group["companies"][0]["name"], "Mill");
    let next = format!("/companies/duplicates?limit=1&cursor={}", first.body["next_cursor"].as_str().unwrap());
    let second = owner.get(&next).await.expect(200);
    assert_eq!((&second.items()[0]["value"], &second.body["next_cursor"]), (&json!("z@zoo.example"), &json!(null)));
    for (by, values) in [("phone", vec!["431234568"]), ("website", vec!["mill.example"]), ("name", vec!["baker"])] {
        assert_eq!(owner.get(&format!("/companies/duplicates?by={by}")).await.expect(200).column("value"), values);
    }
    let clerk = acme.with_scope(&["companies.read", "companies.write"], RecordScope::Own).await;
    clerk.post("/companies", json!({ "name": "Mine", "email": "office@mill.example" })).await.expect(201);
    assert!(clerk.get("/companies/duplicates").await.expect(200).items().is_empty());
}

/// Of one company also those whose names are alike; the likeliest first, each with why.
#[tokio::test]
async fn what_is_alike_is_found_for_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let make = async |name: &str, email: Option<&str>, phone: Option<&str>, website: Option<&str>| {
        let body = json!({ "name": name, "email": email, "phone": phone, "website": website });
        owner.post("/companies", body).await.expect(201).id().to_owned()
    };
    let one =
        make("Sömmerville Mills", Some("a@b.example"), Some("+431234567"), Some("https://www.mill.example")).await;
    let same = make("Sommerville Mills", Some("A@b.example"), None, None).await;
    let host = make("Another", None, None, Some("http://mill.example/x")).await;
    let typo = make("Somerville Mills", None, None, None).await;
    make("Baker", Some("c@d.example"), None, Some("https://baker.example")).await;
    let found = owner.get(&format!("/companies/{one}/duplicates")).await.expect(200);
    let ids: Vec<&str> = found.items().iter().map(|item| item["company"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&same, &host, &typo], "{}", found.text);
    let reasons: Vec<_> = found.items().iter().map(|item| item["reasons"].clone()).collect();
    assert_eq!(reasons, [json!(["email", "name"]), json!(["website"]), json!(["name"])]);
    let bare = make("Quite alone", None, None, None).await;
    assert!(owner.get(&format!("/companies/{bare}/duplicates")).await.expect(200).items().is_empty());
    owner.get(&format!("/companies/{}/duplicates", uuid::Uuid::new_v4())).await.problem(404, "not_found");
}

//! What a contact has several of: addresses, numbers, tags.

use serde_json::{Value, json};

use crate::platform;
use crate::support::superuser_in;

/// They come back as they were given, numbers in one spelling; a contact is found by any of its addresses and numbers.
#[tokio::test]
async fn a_contact_has_several_addresses() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let body = json!({
        "last_name": "Lovelace", "email": "ada@example.com", "phone": "+44 (20) 7946 0000",
        "emails": [{ "label": " private ", "email": "Ada@Home.example" }, { "email": "ada@other.example" }],
        "phones": [{ "label": "mobile", "phone": "+44 7700 900-123" }],
        "addresses": [{ "label": "home", "street": "12 St James's Square", "city": "London", "country": "GB" }],
        "tags": ["VIP", "vip ", "Écriture"],
    });
    let made = owner.post("/contacts", body).await.expect(201);
    assert_eq!(made.body["phone"], "+442079460000");
    let emails = json!([
        { "label": "private", "email": "Ada@Home.example" }, { "label": null, "email": "ada@other.example" },
    ]);
    assert_eq!(made.body["emails"], emails);
    assert_eq!(made.body["phones"], json!([{ "label": "mobile", "phone": "+447700900123" }]));
    assert_eq!(made.body["addresses"][0]["city"], "London");
    assert_eq!(made.body["tags"], json!(["VIP", "Écriture"]));
    owner.post("/contacts", json!({ "last_name": "Babbage" })).await.expect(201);
    for query in [
        "q=ada@home",
        "q=OTHER.example",
        "q=%2B447700900123",
        "q=7946",
        "filter[tags][has]=VIP",
        "filter[tags][has]=%C3%89criture",
    ] {
        let found = owner.get(&format!("/contacts?{query}")).await.expect(200);
        assert_eq!(found.column("last_name"), ["Lovelace"], "{query}");
    }
    let path = made.header("location");
    let changed = owner.patch(path, "\"1\"", json!({ "emails": [], "tags": ["new"] })).await.expect(200);
    assert_eq!((&changed.body["emails"], &changed.body["tags"]), (&json!([]), &json!(["new"])));
    assert_eq!(changed.body["phones"], made.body["phones"]);
    assert_eq!(owner.get(path).await.expect(200).body, changed.body);
    assert!(owner.get("/contacts?q=ada@home").await.expect(200).items().is_empty());
    let same = owner.patch(path, "\"2\"", json!({ "tags": ["new", "NEW"], "emails": [] })).await.expect(200);
    assert_eq!(same.header("etag"), "\"2\"");
}

/// Each is bounded, and what is wrong is pointed at.
#[tokio::test]
async fn what_is_wrong_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let many = |value: Value| json!(vec![value; 21]);
    for (field, value, pointer) in [
        ("phone", json!("020 7946 0000"), "/phone"),
        ("phone", json!("call me"), "/phone"),
        ("emails", json!([{ "email": "ada" }]), "/emails/0/email"),
        ("emails", json!([{ "label": "x" }]), "/emails/0/email"),
        ("emails", json!(["ada@example.com"]), "/emails/0"),
        ("emails", many(json!({ "email": "ada@example.com" })), "/emails"),
        ("phones", json!([{ "phone": "+43 1 5885801" }, { "phone": "1" }]), "/phones/1/phone"),
        ("phones", many(json!({ "phone": "+43 1 5885801" })), "/phones"),
        ("addresses", many(json!({})), "/addresses"),
        ("addresses", json!([{ "city": "" }]), "/addresses/0/city"),
        ("tags", json!(["a", ""]), "/tags/1"),
        ("tags", json!(null), "/tags"),
        ("custom", json!({ "zebra": 1 }), "/custom/zebra"),
    ] {
        let mut body = json!({ "last_name": "X" });
        body[field] = value;
        let refused = acme.owner().post("/contacts", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{body}: {}", refused.text);
    }
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}

/// A number from before numbers were checked is shown as it stands, and stays through changes of other fields.
#[tokio::test]
async fn an_old_number_stays_readable() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = made.header("location");
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE contacts SET phone = 'ext. 12, mornings'").await.unwrap();
    assert_eq!(owner.get(path).await.expect(200).body["phone"], "ext. 12, mornings");
    assert_eq!(owner.get("/contacts?q=mornings").await.expect(200).items().len(), 1);
    let changed = owner.patch(path, "\"1\"", json!({ "notes": "x" })).await.expect(200);
    assert_eq!(changed.body["phone"], "ext. 12, mornings");
    owner.patch(path, "\"2\"", json!({ "phone": "ext. 12, mornings" })).await.problem(422, "invalid");
    let said = json!({ "given": true, "source": "form" });
    owner.put_json(&format!("{path}/consents/sms/marketing"), said).await.problem(409, "no_address");
    owner.patch(path, "\"2\"", json!({ "phone": null })).await.expect(200);
}

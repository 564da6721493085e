//! Values in records: what their fields take, and nothing else.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use super::{acme, body, contact, field, of};

/// Each type takes its values, per key; null takes one away.
#[tokio::test]
async fn values_are_merged_by_key() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let company = owner.post("/companies", json!({ "name": "Mill" })).await.expect(201);
    for kind in ["text", "number", "date", "choice", "boolean", "reference"] {
        for resource in ["contacts", "companies", "deals", "projects"] {
            of(owner, resource, &format!("a_{kind}"), kind).await;
        }
    }
    let all = json!({
        "a_text": " x ", "a_number": 12.5, "a_date": "2026-11-21", "a_choice": "Blue, dark", "a_boolean": false,
        "a_reference": company.id(),
    });
    let bodies = [
        ("/contacts", json!({ "last_name": "Byron" })),
        ("/companies", json!({ "name": "Byron" })),
        ("/deals", json!({ "title": "Byron" })),
        ("/projects", json!({ "name": "Byron" })),
    ];
    for (path, mut body) in bodies {
        let bare = owner.post(path, body.clone()).await.expect(201);
        assert_eq!(bare.body["custom"], json!({}), "{path}");
        body["custom"] = all.clone();
        let made = owner.post(path, body).await.expect(201);
        assert_eq!(made.body["custom"]["a_number"], 12.5, "{path}");
        assert_eq!(made.body["custom"].as_object().unwrap().len(), 6, "{path}");
        let own = format!("{path}/{}", made.id());
        let patch = json!({ "custom": { "a_text": null, "a_number": -3, "a_boolean": true } });
        let changed = owner.patch(&own, made.header("etag"), patch.clone()).await.expect(200);
        let shown = owner.get(&own).await.expect(200);
        assert_eq!(shown.body, changed.body);
        let custom = &shown.body["custom"];
        assert_eq!((&custom["a_text"], &custom["a_number"]), (&Value::Null, &json!(-3)), "{path}");
        assert_eq!((&custom["a_boolean"], &custom["a_choice"]), (&json!(true), &json!("Blue, dark")), "{path}");
        // The same once more changes nothing.
        let same = owner.patch(&own, changed.header("etag"), patch).await.expect(200);
        assert_eq!(same.header("etag"), changed.header("etag"));
    }
}

/// What a field does not take is pointed at, all of it at once, and nothing is written.
#[tokio::test]
async fn each_wrong_value_is_pointed_at() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for kind in ["text", "number", "date", "choice", "boolean", "reference"] {
        field(owner, kind, kind).await;
    }
    for (key, values) in [
        ("text", vec![json!(1), json!(""), json!("x".repeat(501)), json!("a\nb"), json!(["a"]), json!({})]),
        ("number", vec![json!("1"), json!(1e12), json!(1e300), json!(0.123_456_7), json!(true), json!([])]),
        ("date", vec![json!("2026-02-30"), json!("21.11.2026"), json!(20_261_121)]),
        ("choice", vec![json!("blue"), json!(""), json!(0)]),
        ("boolean", vec![json!("true"), json!(0)]),
        ("reference", vec![json!("x"), json!(1)]),
        ("unknown", vec![json!("x"), json!(null)]),
    ] {
        for value in values {
            let wrong = json!({ "last_name": "Byron", "custom": { key: value } });
            let refused = owner.post("/contacts", wrong).await.problem(422, "invalid");
            assert_eq!(refused.pointers(), [format!("/custom/{key}")], "{value}");
        }
    }
    let several = json!({ "last_name": "Byron", "custom": { "text": 1, "number": "x", "boolean": true } });
    let refused = owner.post("/contacts", several).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/custom/text", "/custom/number"]);
    let odd = json!({ "last_name": "Byron", "custom": { "<zebra>": 1 } });
    let refused = owner.post("/contacts", odd).await.problem(422, "invalid");
    assert!(!refused.text.contains("zebra"), "{}", refused.text);
    for no_object in [json!([]), json!("x"), json!(null)] {
        let refused = owner.post("/contacts", json!({ "last_name": "B", "custom": no_object })).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), ["/custom"]);
    }
    let unknown = json!({ "last_name": "B", "custom": { "reference": uuid::Uuid::new_v4() } });
    let refused = owner.post("/contacts", unknown).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/custom/reference"]);
    assert!(owner.get("/contacts").await.expect(200).items().is_empty());
}

/// Who reaches only their own records names only those.
#[tokio::test]
async fn references_are_in_reach() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "employer", "reference").await;
    let company = owner.post("/companies", json!({ "name": "Mill" })).await.expect(201);
    let all = ["contacts.read", "contacts.write", "companies.read", "companies.write"];
    let narrow = acme.with_scope(&all, RecordScope::Own).await;
    let body = json!({ "last_name": "B", "custom": { "employer": company.id() } });
    narrow.post("/contacts", body.clone()).await.problem(404, "not_found");
    owner.post("/contacts", body).await.expect(201);
    let own = narrow.post("/companies", json!({ "name": "Own" })).await.expect(201);
    contact(&narrow, "C", json!({ "employer": own.id() })).await;
}

/// A required field is required of each new record, also of one that says nothing of own fields.
#[tokio::test]
async fn required_fields_are_required() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let before = contact(owner, "Before", json!({})).await;
    field(owner, "size", "number").await;
    let mut required = body("contacts", "number", "text");
    required["required"] = json!(true);
    owner.post("/custom-fields", required).await.expect(201);
    let refused = owner.post("/contacts", json!({ "last_name": "B" })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/custom"]);
    let refused = owner.post("/contacts", json!({ "last_name": "B", "custom": { "size": 1 } })).await;
    assert_eq!(refused.problem(422, "invalid").pointers(), ["/custom/number"]);
    let made = contact(owner, "B", json!({ "number": "1" })).await;
    let path = format!("/contacts/{}", made.id());
    let cleared = owner.patch(&path, made.header("etag"), json!({ "custom": { "number": null } })).await;
    assert_eq!(cleared.problem(422, "invalid").pointers(), ["/custom/number"]);
    // What was there before may be changed without it.
    let path = format!("/contacts/{}", before.id());
    owner.patch(&path, before.header("etag"), json!({ "last_name": "After" })).await.expect(200);
    owner.patch(&path, "\"2\"", json!({ "custom": { "size": 2 } })).await.expect(200);
    owner.post("/companies", json!({ "name": "Others need none" })).await.expect(201);
}

//! Making, changing and deleting fields.

use serde_json::{Value, json};

use super::{acme, body, field, of};

/// A field is made, shown, changed, deleted; its key and its type stay.
#[tokio::test]
async fn a_field_lives() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let made = field(owner, "size", "number").await;
    assert_eq!(made.body["key"], "size");
    assert_eq!((&made.body["type"], &made.body["required"]), (&json!("number"), &json!(false)));
    let path = format!("/custom-fields/{}", made.id());
    let patch = json!({ "label": "Size", "required": true });
    let changed = owner.patch(&path, made.header("etag"), patch.clone()).await.expect(200);
    assert_eq!((&changed.body["label"], &changed.body["required"]), (&json!("Size"), &json!(true)));
    owner.patch(&path, made.header("etag"), patch).await.problem(412, "stale_version");
    for wrong in [json!({ "key": "other" }), json!({ "type": "text" }), json!({ "choices": ["a"] })] {
        owner.patch(&path, changed.header("etag"), wrong).await.problem(422, "invalid");
    }
    of(owner, "deals", "size", "text").await;
    let listed = owner.get("/custom-fields?filter[resource]=contacts").await.expect(200);
    assert_eq!(listed.column("key"), ["size"]);
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.problem(404, "not_found");
    field(owner, "size", "text").await;
}

/// Whoever only works with records sees the fields and does not change them.
#[tokio::test]
async fn admins_make_fields() {
    let (_platform, acme) = acme().await;
    let (member, viewer) = (acme.member().await, acme.viewer().await);
    member.post("/custom-fields", body("contacts", "size", "text")).await.problem(403, "forbidden");
    let made = field(acme.owner(), "size", "text").await;
    viewer.get(&format!("/custom-fields/{}", made.id())).await.expect(200);
    member.delete(&format!("/custom-fields/{}", made.id())).await.problem(403, "forbidden");
}

/// What is no field is refused with a pointer.
#[tokio::test]
async fn what_is_no_field_is_refused() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for (change, pointer) in [
        (json!({ "key": "Size" }), "/key"),
        (json!({ "key": "a'b" }), "/key"),
        (json!({ "key": "a".repeat(41) }), "/key"),
        (json!({ "key": "" }), "/key"),
        (json!({ "resource": "tasks" }), "/resource"),
        (json!({ "type": "money" }), "/type"),
        (json!({ "label": "" }), "/label"),
        (json!({ "choices": ["a"] }), "/choices"),
        (json!({ "type": "choice" }), "/choices"),
        (json!({ "refers_to": "deals" }), "/refers_to"),
        (json!({ "type": "reference" }), "/refers_to"),
    ] {
        let mut wrong = body("contacts", "size", "text");
        for (key, value) in change.as_object().unwrap() {
            wrong[key] = value.clone();
        }
        let refused = owner.post("/custom-fields", wrong).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{change}");
    }
    field(owner, "size", "text").await;
    let taken = owner.post("/custom-fields", body("contacts", "size", "number")).await.problem(409, "key_taken");
    assert_eq!(taken.pointers(), ["/key"]);
}

/// A resource has fifty fields, however many are made at once.
#[tokio::test]
async fn fifty_are_the_most() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for n in 0..46 {
        field(owner, &format!("f{n}"), "text").await;
    }
    let make = |n: usize| async move { owner.post("/custom-fields", body("contacts", &format!("g{n}"), "text")).await };
    let replies = futures_util::future::join_all((0..8).map(make)).await;
    for reply in replies {
        if reply.status.as_u16() != 201 {
            assert!(["made_at_once", "too_many_fields"].contains(&reply.code()), "{}", reply.text);
        }
    }
    let mut made = Vec::new();
    for n in 0..8 {
        made.push(owner.post("/custom-fields", body("contacts", &format!("h{n}"), "text")).await.status.as_u16());
    }
    assert_eq!(owner.get("/custom-fields?limit=200").await.expect(200).items().len(), 50);
    assert!(made.contains(&409), "{made:?}");
    of(owner, "deals", "f1", "text").await;
}

/// What was done to fields stands in the audit, and is undone.
#[tokio::test]
async fn fields_are_journaled() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let made = field(owner, "size", "text").await;
    owner.delete(&format!("/custom-fields/{}", made.id())).await.expect(204);
    let entries = owner.get(&format!("/audit?record={}&sort=at", made.id())).await.expect(200);
    assert_eq!(entries.column("change"), ["created", "deleted"]);
    let trash = owner.get("/trash").await.expect(200);
    let item = trash.items().iter().find(|item| item["record"] == json!(made.id())).unwrap().clone();
    owner.post(&format!("/trash/{}/restore", item["id"].as_str().unwrap()), Value::Null).await;
    let restored = owner.get(&format!("/custom-fields/{}", made.id())).await.expect(200);
    assert_eq!(restored.body["key"], "size");
}

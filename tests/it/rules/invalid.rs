//! Rules that there cannot be.

use serde_json::{Value, json};

use super::set;

#[tokio::test]
async fn what_is_no_rule_is_refused_at_its_place() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let valid = json!({ "name": "A rule", "events": ["contact.created"], "actions": [set("notes", "x")] });
    let condition = |field: &str, operator: &str, value: Value| json!({ "conditions": [{ "field": field, "operator": operator, "value": value }] });
    let nothing = json!({ "field": "notes", "operator": "is_empty" });
    for (change, pointer) in [
        (json!({ "name": "" }), "/name"),
        (json!({ "name": "two\nlines" }), "/name"),
        (json!({ "events": [] }), "/events"),
        (json!({ "events": ["contact.created", "contact.*"] }), "/events/1"),
        (json!({ "events": ["contact.denied"] }), "/events/0"),
        (json!({ "events": ["unicorn.created"] }), "/events/0"),
        (json!({ "changed": ["last_name", "search_text"] }), "/changed/1"),
        (json!({ "changed": ["password"] }), "/changed/0"),
        (condition("nothing", "is", json!("x")), "/conditions/0/field"),
        (condition("last_name", "like", json!("x")), "/conditions/0/operator"),
        (condition("last_name", "is", json!(null)), "/conditions/0/value"),
        (condition("last_name", "is", json!([1])), "/conditions/0/value"),
        (condition("last_name", "is", json!("a\u{0}b")), "/conditions/0/value"),
        (condition("last_name", "is", json!("x".repeat(1001))), "/conditions/0/value"),
        (condition("last_name", "greater", json!("tall")), "/conditions/0/value"),
        (condition("last_name", "is_empty", json!("x")), "/conditions/0/value"),
        (json!({ "conditions": vec![nothing; 21] }), "/conditions"),
        (json!({ "actions": [] }), "/actions"),
        (json!({ "actions": [{}] }), "/actions/0"),
        (json!({ "actions": [set("notes", "x"), set("notes", "y")] }), "/actions/1/set_field/field"),
        (json!({ "actions": [set("owner_id", "x")] }), "/actions/0/set_field/field"),
        (json!({ "actions": [set("version", 1)] }), "/actions/0/set_field/field"),
        (json!({ "actions": [set("display_name", "x")] }), "/actions/0/set_field/field"),
        (json!({ "actions": [set("notes", json!({}))] }), "/actions/0/set_field/value"),
        // What nobody may write by hand.
        (json!({ "actions": [set("email", "not an address")] }), "/actions/0/set_field/value"),
        (json!({ "actions": [set("company", true)] }), "/actions/0/set_field/value"),
        (json!({ "actions": [set("phone", "x".repeat(60))] }), "/actions/0/set_field/value"),
        (json!({ "events": ["patient.created"], "actions": [set("contact_id", "x")] }), "/actions/0/set_field/field"),
        (json!({ "actions": [{ "create_task": {} }] }), "/actions/0/create_task/title"),
        (json!({ "events": ["contact.deleted"] }), "/actions/0/set_field/field"),
        // Records of other kinds have no such field, or none that rules know.
        (json!({ "events": ["contact.created", "property.created"] }), "/actions/0/set_field/field"),
        (json!({ "events": ["webhook.created"] }), "/actions/0/set_field/field"),
        (json!({ "enabled": true }), "/enabled"),
    ] {
        let mut body = valid.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = owner.post("/rules", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{change}: {}", refused.text);
    }
    let many: Vec<Value> =
        ["notes", "email", "phone", "company", "first_name", "last_name"].map(|f| set(f, "x")).into();
    let body = json!({ "name": "A rule", "events": ["contact.created"], "actions": many });
    assert_eq!(owner.post("/rules", body).await.problem(422, "invalid").pointers(), ["/actions"]);
    assert!(owner.get("/rules").await.expect(200).items().is_empty());
}

/// Endpoints and people of others are like those that never existed.
#[tokio::test]
async fn what_is_another_organizations_cannot_be_told() {
    let platform = super::platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let webhook = hill.owner().post("/webhooks", json!({ "url": "http://127.0.0.1:1/" })).await.expect(201);
    let person = hill.owner().get("/users/me").await.expect(200);
    for (action, pointer) in [
        (json!({ "webhook": { "webhook_id": webhook.id() } }), "/actions/1/webhook/webhook_id"),
        (json!({ "notify": { "user_id": person.id(), "text": "Hello" } }), "/actions/1/notify/user_id"),
    ] {
        let body = json!({ "name": "A rule", "events": ["contact.created"], "actions": [set("notes", "x"), action] });
        let refused = acme.owner().post("/rules", body).await.problem(404, "not_found");
        assert_eq!(refused.pointers(), [pointer]);
        let detail = "Something that the request names does not exist, or not for you: see `errors`.";
        assert_eq!(refused.body["detail"], detail);
    }
}

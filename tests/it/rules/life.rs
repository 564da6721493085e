//! A rule is made, shown, listed, changed and deleted.

use futures_util::future::join_all;
use serde_json::json;

use super::set;

#[tokio::test]
async fn a_rule_has_a_life() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let me = admin.get("/users/me").await.expect(200).id().to_owned();
    let new = json!({
        "name": "Large inquiries",
        "events": ["contact.updated", "contact.created", "contact.updated"],
        "changed": ["company"],
        "conditions": [{ "field": "company", "operator": "contains", "value": "e\u{301}" }],
        "actions": [{ "set_field": { "field": "notes", "value": "Call" }, "notify": { "user_id": me, "text": "Call!" } }],
    });
    let made = admin.post("/rules", new).await.expect(201);
    assert_eq!(made.body["events"], json!(["contact.created", "contact.updated"]));
    assert_eq!((&made.body["enabled"], &made.body["author_id"]), (&json!(true), &json!(me)));
    assert_eq!(made.body["conditions"][0]["value"], "\u{e9}", "texts are compared as records have them");
    assert_eq!(made.body["actions"].as_array().unwrap().len(), 2, "{}", made.text);

    let path = made.header("location").to_owned();
    assert_eq!(admin.get(&path).await.expect(200).body, made.body);
    assert_eq!(admin.get("/rules").await.expect(200).column("id"), [made.id()]);
    let patch = json!({ "name": "Off", "enabled": false });
    let changed = acme.owner().patch(&path, "\"1\"", patch).await.expect(200);
    let owner = acme.owner().get("/users/me").await.expect(200);
    assert_eq!((&changed.body["enabled"], changed.body["author_id"].as_str()), (&json!(false), Some(owner.id())));
    assert_eq!(changed.body["actions"], made.body["actions"]);
    admin.patch(&path, "\"1\"", json!({ "enabled": true })).await.problem(412, "stale_version");

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
    admin.get(&format!("{path}/runs")).await.problem(404, "not_found");
}

/// However many are made at once, there are a hundred.
#[tokio::test]
async fn an_organization_has_a_hundred() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    let body = || json!({ "name": "One", "events": ["contact.created"], "actions": [set("notes", "x")] });
    let mut made = 0;
    while made < 100 {
        let tries = (0..(100 - made).min(10) + 2).map(|_| acme.owner().post("/rules", body()));
        made += join_all(tries).await.into_iter().filter(|reply| reply.status == 201).count();
    }
    assert_eq!(made, 100);
    acme.owner().post("/rules", body()).await.problem(409, "too_many_rules");
    let hill = platform.organization("Hill").await;
    hill.owner().post("/rules", body()).await.expect(201);
}

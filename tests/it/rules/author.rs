//! A rule does what its author may, and no more.

use serde_json::json;

use super::{contact, platform, rule, runs, set, settle, sql};

#[tokio::test]
async fn nobody_makes_a_rule_that_does_more_than_they_may() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let webhook = acme.owner().post("/webhooks", json!({ "url": "http://127.0.0.1:1/" })).await.expect(201);
    let clerk = acme.with_permissions(&["rules.read", "rules.write", "contacts.read"]).await;
    let tell = json!([{ "webhook": { "webhook_id": webhook.id() } }]);
    let me = clerk.get("/users/me").await.expect(200).id().to_owned();
    let notify = json!([{ "notify": { "user_id": me, "text": "Hello" } }]);
    for (events, actions) in [
        (json!(["member.created"]), notify.clone()),
        (json!(["contact.created"]), json!([set("notes", "x")])),
        (json!(["contact.created"]), tell),
    ] {
        let body = json!({ "name": "A rule", "events": events, "actions": actions });
        clerk.post("/rules", body).await.problem(403, "forbidden");
    }
    rule(&clerk, json!(["contact.created"]), json!([]), notify).await;
    // Whoever changes a rule answers for all of it.
    let wide = rule(acme.owner(), json!(["contact.created"]), json!([]), json!([set("notes", "x")])).await;
    clerk.patch(&wide, "\"1\"", json!({ "name": "Mine" })).await.problem(403, "forbidden");

    acme.member().await.get("/rules").await.problem(403, "forbidden");
    let scoped = ["contacts.read", "contacts.write", "rules.write"];
    let made = json!({ "name": "Some", "permissions": scoped, "scope": "own" });
    let refused = acme.owner().post("/roles", made).await;
    assert!(refused.status == 422 || refused.status == 201, "{}", refused.text);
    let key = acme.owner().post("/api-keys", json!({ "name": "Key", "scopes": ["rules.write"] })).await;
    key.problem(422, "invalid");
}

/// Whose role allows less than the rule does, whose rule is disabled; nothing is done any more.
#[tokio::test]
async fn a_demoted_authors_rule_is_disabled() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (admin, leaver) = (acme.admin().await, acme.admin().await);
    let demoted = rule(&admin, json!(["contact.created"]), json!([]), json!([set("notes", "x")])).await;
    let left = rule(&leaver, json!(["contact.created"]), json!([]), json!([set("phone", "+4315885801")])).await;
    let kept = rule(acme.owner(), json!(["contact.created"]), json!([]), json!([set("company", "Engines")])).await;
    let id =
        async |client: &tenantry_core::testing::TestClient| client.get("/users/me").await.expect(200).id().to_owned();
    let (admin_id, leaver_id) = (id(&admin).await, id(&leaver).await);
    sql(&platform, &acme, &format!("UPDATE memberships SET role = 'member' WHERE user_id = '{admin_id}'")).await;
    acme.owner().delete(&format!("/members/{leaver_id}")).await.expect(204);

    let ada = contact(acme.owner(), "Lovelace").await;
    settle(&platform, &acme).await;
    for (path, reason) in [(&demoted, "author_lacks_permission"), (&left, "author_left")] {
        let now = acme.owner().get(path).await.expect(200);
        assert_eq!((&now.body["enabled"], &now.body["disabled_reason"]), (&json!(false), &json!(reason)));
        assert!(now.body["disabled_at"].is_string());
        assert!(runs(acme.owner(), path).await.is_empty());
    }
    assert_eq!(acme.owner().get(&kept).await.expect(200).body["enabled"], true);
    let now = acme.owner().get(&ada).await.expect(200);
    let fields = (&now.body["notes"], &now.body["phone"], &now.body["company"]);
    assert_eq!(fields, (&json!(null), &json!(null), &json!("Engines")));
    let audit = acme.owner().get("/audit?operation=rules").await.expect(200);
    assert!(audit.text.contains("author_left"), "{}", audit.text);
}

/// What a disabled module keeps is out of a rule's reach.
#[tokio::test]
async fn a_disabled_modules_events_start_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    acme.enable("clinic").await;
    let me = owner.get("/users/me").await.expect(200).id().to_owned();
    let notify = json!([{ "notify": { "user_id": me, "text": "A patient" } }]);
    let path = rule(owner, json!(["patient.created"]), json!([]), notify).await;
    let ada = contact(owner, "Lovelace").await;
    let patient = json!({
        "contact_id": ada.rsplit('/').next(), "number": "P-1", "date_of_birth": "1991-12-26", "gender": "female",
    });
    let held = "UPDATE listeners SET claim = gen_random_uuid(), due_at = now() + interval '1 hour'";
    sql(&platform, &acme, held).await;
    owner.post("/clinic/patients", patient).await.expect(201);
    sql(&platform, &acme, "UPDATE tenant_modules SET enabled = false WHERE module = 'clinic'").await;
    sql(&platform, &acme, "UPDATE listeners SET claim = NULL").await;
    settle(&platform, &acme).await;
    assert!(runs(owner, &path).await.is_empty());
}

//! Rules judge records and set their fields.

use serde_json::{Value, json};

use super::{contact, platform, rule, runs, set, settle, sql};

/// The record, its ETag and the audit say what the rule did.
#[tokio::test]
async fn a_field_is_set_in_the_rules_name() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let owner = acme.owner();
    let conditions = json!([{ "field": "last_name", "operator": "contains", "value": "love" }]);
    let path = rule(
        owner,
        json!(["contact.created"]),
        conditions,
        json!([set("company", "Engines"), set("phone", Value::Null)]),
    )
    .await;
    let (ada, other) = (contact(owner, "Lovelace").await, contact(owner, "Babbage").await);
    let foreign = contact(hill.owner(), "Lovelace").await;
    settle(&platform, &acme).await;

    let now = owner.get(&ada).await.expect(200);
    assert_eq!((&now.body["company"], now.header("etag")), (&json!("Engines"), "\"2\""));
    assert_eq!(owner.get(&other).await.expect(200).header("etag"), "\"1\"");
    assert_eq!(hill.owner().get(&foreign).await.expect(200).header("etag"), "\"1\"");
    let id = path.rsplit('/').next().unwrap();
    let audit = owner.get("/audit?operation=rules").await.expect(200);
    let [entry] = audit.items() else { panic!("{}", audit.text) };
    assert_eq!((&entry["kind"], &entry["session_id"], &entry["user_id"]), (&json!("rule"), &json!(id), &Value::Null));
    assert_eq!((&entry["change"], &entry["after"]["company"]), (&json!("updated"), &json!("Engines")));
    let heard = owner.get("/events").await.expect(200);
    assert_eq!(heard.items().last().unwrap()["actor"]["kind"], "rule", "{}", heard.text);
    let runs = runs(owner, &path).await;
    assert_eq!(runs.len(), 1);
    assert_eq!((&runs[0]["state"], &runs[0]["event"]), (&json!("done"), &json!("contact.created")));

    // What has the value already keeps its version.
    let given = json!({ "last_name": "Loveday", "company": "Engines" });
    let same = owner.post("/contacts", given).await.expect(201).header("location").to_owned();
    settle(&platform, &acme).await;
    assert_eq!(owner.get(&same).await.expect(200).header("etag"), "\"1\"");
}

/// Of updates only those that changed what the rule looks at; of others all.
#[tokio::test]
async fn only_some_changes_start_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let body = json!({
        "name": "A rule", "events": ["contact.updated", "contact.created"], "changed": ["phone", "email"],
        "actions": [set("notes", "seen")],
    });
    let path = owner.post("/rules", body).await.expect(201).header("location").to_owned();
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    owner.patch(&ada, "\"2\"", json!({ "company": "Engines" })).await.expect(200);
    owner.patch(&ada, "\"3\"", json!({ "phone": "+4315885801", "company": null })).await.expect(200);
    settle(&platform, &acme).await;
    let events: Vec<Value> = runs(owner, &path).await.iter().map(|run| run["event"].clone()).collect();
    assert_eq!(events, [json!("contact.created"), json!("contact.updated")]);
}

/// A deleted record is judged as it was last; one that is gone meanwhile is judged by nothing.
#[tokio::test]
async fn what_is_deleted_is_judged_as_it_was() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let me = owner.get("/users/me").await.expect(200).id().to_owned();
    let conditions = json!([{ "field": "last_name", "operator": "is", "value": "Lovelace" }]);
    let notify = json!([{ "notify": { "user_id": me, "text": "She is gone." } }]);
    let deleted = rule(owner, json!(["contact.deleted"]), conditions.clone(), notify).await;
    let created = rule(owner, json!(["contact.created"]), conditions, json!([set("notes", "x")])).await;
    let always = rule(owner, json!(["contact.created"]), json!([]), json!([set("notes", "x")])).await;
    for name in ["Lovelace", "Babbage"] {
        let path = contact(owner, name).await;
        owner.delete(&path).await.expect(204);
    }
    settle(&platform, &acme).await;
    assert_eq!(runs(owner, &deleted).await.len(), 1);
    assert!(runs(owner, &created).await.is_empty());
    let gone = runs(owner, &always).await;
    assert_eq!(gone.len(), 2);
    assert_eq!(gone[0]["actions"][0]["failure"], "the record is gone", "{gone:?}");
    assert_eq!(gone[0]["state"], "failed");
}

/// What the record does not take has failed, and changes nothing; the rule goes on.
#[tokio::test]
async fn what_a_record_does_not_take_has_failed() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = rule(owner, json!(["contact.created"]), json!([]), json!([set("company", "Engines")])).await;
    // As a rule that was made before the record's fields became shorter.
    let long = "x".repeat(60);
    let step = |field: &str, value: &str| format!("'{}'::jsonb", set(field, value));
    let actions = format!("array[{}, {}]", step("company", "Engines"), step("phone", &long));
    sql(&platform, &acme, &format!("UPDATE rules SET actions = {actions}")).await;
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    assert_eq!(owner.get(&ada).await.expect(200).header("etag"), "\"1\"");
    let runs = runs(owner, &path).await;
    assert_eq!(runs[0]["actions"][0]["failure"], "the record does not take the value", "{runs:?}");
    assert_eq!(owner.get(&format!("{path}/runs?failed=true")).await.expect(200).items().len(), 1);
    sql(
        &platform,
        &acme,
        "UPDATE rules SET actions = array['{\"set_field\": {\"field\": \"phone\", \"value\": 12}}'::jsonb]",
    )
    .await;
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    assert_eq!(owner.get(&ada).await.expect(200).body["phone"], "12");
}

/// A rule that greets new records does not greet one that comes back from the trash.
#[tokio::test]
async fn what_comes_back_is_not_new() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let old = contact(owner, "Babbage").await;
    owner.delete(&old).await.expect(204);
    platform.seal().await;
    rule(owner, json!(["contact.created"]), json!([]), json!([set("notes", "welcome")])).await;
    let trash = owner.get("/trash").await.expect(200);
    let path = format!("/trash/{}/restore", trash.column("id")[0]);
    owner.send(owner.request(reqwest::Method::POST, &path)).await.expect(200);
    let new = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    assert_eq!(owner.get(&new).await.expect(200).body["notes"], "welcome");
    assert_eq!(owner.get(&old).await.expect(200).body["notes"], Value::Null);
}

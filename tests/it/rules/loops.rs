//! Rules that would chase each other do not.

use serde_json::json;

use super::{contact, platform, rule, runs, set, settle, sql};

#[tokio::test]
async fn what_a_rule_changes_starts_no_rule() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let events = json!(["contact.updated"]);
    let is = |value: &str| json!([{ "field": "company", "operator": "is", "value": value }]);
    let there = rule(owner, events.clone(), is("Here"), json!([set("company", "There")])).await;
    let here = rule(owner, events, is("There"), json!([set("company", "Here")])).await;
    let ada = contact(owner, "Lovelace").await;
    owner.patch(&ada, "\"1\"", json!({ "company": "Here" })).await.expect(200);
    settle(&platform, &acme).await;
    let count = async || runs(owner, &there).await.len() + runs(owner, &here).await.len();
    // Whichever is first; the other one is started by the same change, and by none of the rules'.
    let ran = count().await;
    assert!((1..=2).contains(&ran), "{ran}");
    settle(&platform, &acme).await;
    assert_eq!(count().await, ran);
    let now = owner.get(&ada).await.expect(200);
    assert_eq!(now.header("etag"), format!("\"{}\"", 2 + ran));
}

/// A loop that leads outside ends too.
#[tokio::test]
async fn a_rule_that_runs_too_often_is_disabled() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = rule(owner, json!(["contact.created"]), json!([]), json!([set("notes", "x")])).await;
    let other = rule(owner, json!(["contact.created"]), json!([]), json!([set("phone", "+4315885801")])).await;
    let id = path.rsplit('/').next().unwrap();
    let often = format!(
        "INSERT INTO rule_runs (id, rule_id, event_id, event, resource, state, actions, letters)
         SELECT gen_random_uuid(), '{id}', gen_random_uuid(), 'contact.created', 'contacts', 'done',
            array['{}'::jsonb], 0 FROM generate_series(1, 10000)",
        set("notes", "x")
    );
    sql(&platform, &acme, &often).await;
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    let now = owner.get(&path).await.expect(200);
    assert_eq!((&now.body["enabled"], &now.body["disabled_reason"]), (&json!(false), &json!("too_often")));
    let record = owner.get(&ada).await.expect(200);
    assert_eq!((&record.body["notes"], &record.body["phone"]), (&json!(null), &json!("+4315885801")));
    assert_eq!(owner.get(&other).await.expect(200).body["enabled"], true);

    sql(&platform, &acme, "UPDATE rule_runs SET at = at - interval '2 hours'").await;
    let again = owner.patch(&path, now.header("etag"), json!({ "enabled": true })).await.expect(200);
    assert!(again.body["disabled_reason"].is_null() && again.body["disabled_at"].is_null(), "{}", again.text);
    let ada = contact(owner, "Lovelace").await;
    settle(&platform, &acme).await;
    assert_eq!(owner.get(&ada).await.expect(200).body["notes"], "x");
}

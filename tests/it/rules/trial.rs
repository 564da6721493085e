//! `/rules/{id}/try`

use serde_json::json;

use super::{contact, platform, rule, runs, set};

#[tokio::test]
async fn a_rule_is_tried_on_a_record() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let owner = acme.owner();
    let conditions = json!([
        { "field": "last_name", "operator": "is", "value": "Lovelace" },
        { "field": "company", "operator": "is_empty" },
    ]);
    let path = rule(owner, json!(["contact.updated"]), conditions, json!([set("notes", "x")])).await;
    let id = |path: &str| json!({ "record_id": path.rsplit('/').next().unwrap() });
    let (ada, charles) = (contact(owner, "Lovelace").await, contact(owner, "Babbage").await);
    let tried = owner.post(&format!("{path}/try"), id(&ada)).await.expect(200);
    assert_eq!((&tried.body["runs"], &tried.body["conditions"][0]["found"]), (&json!(true), &json!("Lovelace")));
    assert_eq!(tried.body["actions"][0]["set_field"]["field"], "notes");
    let tried = owner.post(&format!("{path}/try"), id(&charles)).await.expect(200);
    let holds: Vec<_> = tried.body["conditions"].as_array().unwrap().iter().map(|each| &each["holds"]).collect();
    assert_eq!((holds, &tried.body["runs"]), (vec![&json!(false), &json!(true)], &json!(false)));
    assert_eq!(tried.body["actions"], json!([]));
    assert_eq!(owner.get(&ada).await.expect(200).header("etag"), "\"1\"");
    assert!(runs(owner, &path).await.is_empty());

    let foreign = contact(hill.owner(), "Lovelace").await;
    owner.post(&format!("{path}/try"), id(&foreign)).await.problem(404, "not_found");
    let clerk = acme.with_permissions(&["rules.read"]).await;
    clerk.post(&format!("{path}/try"), id(&ada)).await.problem(403, "forbidden");
}

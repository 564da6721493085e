//! Sets of keys are made, listed, changed and deleted.

use serde_json::json;

use super::key_set;
use crate::{agency, given};

/// A set is in the office at first; its label is its own on the property, in any case, and on no other one.
#[tokio::test]
async fn a_label_is_one_sets_own() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = key_set(&member).await;
    assert_eq!((&made.body["label"], &made.body["out_since"]), (&json!("A 12"), &json!(null)));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);

    let same = json!({ "property_id": made.body["property_id"], "label": "a 12" });
    let refused = member.post("/real-estate/key-sets", same.clone()).await.problem(409, "label_taken");
    assert_eq!(refused.pointers(), ["/label"]);
    let elsewhere = json!({ "property_id": given::property(&member).await, "label": "A 12" });
    member.post("/real-estate/key-sets", elsewhere).await.expect(201);

    let nowhere = json!({ "property_id": uuid::Uuid::new_v4(), "label": "B" });
    let refused = member.post("/real-estate/key-sets", nowhere).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/property_id"]);
    agency.viewer().await.post("/real-estate/key-sets", same).await.problem(403, "forbidden");
}

/// What is sent changes; lists are narrowed by property and by where the keys are.
#[tokio::test]
async fn sets_are_changed_and_listed() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let (one, other) = (key_set(owner).await, key_set(owner).await);
    let changed =
        owner.patch(one.header("location"), "\"1\"", json!({ "label": "B 7", "note": null })).await.expect(200);
    assert_eq!((&changed.body["label"], &changed.body["note"]), (&json!("B 7"), &json!(null)));
    owner.patch(one.header("location"), "\"1\"", json!({ "label": "C" })).await.problem(412, "stale_version");

    let out = json!({ "contact_id": given::contact(owner).await });
    owner.post(&format!("{}/check-out", other.header("location")), out).await.expect(201);
    for (query, ids) in [
        (format!("filter[property_id]={}", one.body["property_id"].as_str().unwrap()), vec![one.id()]),
        ("filter[out_since][null]=true".to_owned(), vec![one.id()]),
        ("filter[out_since][null]=false".to_owned(), vec![other.id()]),
        ("filter[label]=a%2012".to_owned(), vec![other.id()]),
        ("sort=label".to_owned(), vec![other.id(), one.id()]),
        ("sort=out_since".to_owned(), vec![other.id(), one.id()]),
    ] {
        assert_eq!(owner.get(&format!("/real-estate/key-sets?{query}")).await.expect(200).column("id"), ids, "{query}");
    }
}

/// A set that is out cannot be deleted; one that was out goes with its history.
#[tokio::test]
async fn what_is_out_stays() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = key_set(owner).await;
    let path = made.header("location");
    let out = json!({ "contact_id": given::contact(owner).await });
    owner.post(&format!("{path}/check-out"), out).await.expect(201);
    owner.delete(path).await.problem(409, "key_set_out");
    owner.post(&format!("{path}/return"), json!({})).await.expect(200);
    owner.delete(path).await.expect(204);
    owner.get(path).await.problem(404, "not_found");
    owner.get(&format!("{path}/movements")).await.problem(404, "not_found");
}

//! `POST /api/v1/authz/explain` about one record

use serde_json::json;
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::TestClient;

use crate::members::user;
use crate::platform;

async fn contact(client: &TestClient) -> String {
    client.post("/contacts", json!({ "last_name": "X" })).await.expect(201).id().to_owned()
}

/// It says whether the record is one that the role is for.
#[tokio::test]
async fn it_says_why_not_this_one() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let all = ["contacts.read", "contacts.write"];
    let (own, ben) = (acme.with_scope(&all, RecordScope::Own).await, acme.with_scope(&all, RecordScope::Team).await);
    let (hers, theirs) = (contact(&own).await, contact(acme.owner()).await);
    acme.team("Sales", &[&own, &ben]).await;
    for (client, record, action, reason, scope) in [
        (&own, &hers, "contacts_update", "custom_role", "own"),
        (&own, &theirs, "contacts_update", "out_of_scope", "own"),
        (&own, &theirs, "contacts_assign", "not_in_custom_role", "own"),
        (&ben, &hers, "contacts.read", "custom_role", "team"),
        (&ben, &theirs, "contacts.read", "out_of_scope", "team"),
        (acme.owner(), &theirs, "contacts.read", "role", "all"),
    ] {
        let question = json!({ "action": action, "user_id": user(client).await, "record_id": record });
        let answer = acme.owner().post("/authz/explain", question).await.expect(200).body;
        assert_eq!((&answer["reason"], &answer["scope"]), (&json!(reason), &json!(scope)), "{action}: {answer}");
        assert_eq!(answer["allowed"], json!(!["out_of_scope", "not_in_custom_role"].contains(&reason)));
    }
    let about = json!({ "action": "members.read", "record_id": theirs });
    assert_eq!(acme.owner().post("/authz/explain", about).await.problem(422, "invalid").pointers(), ["/record_id"]);
}

/// It does not tell those who may not know of a record that it is there.
#[tokio::test]
async fn it_keeps_what_the_asker_may_not_know() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let own = acme.with_scope(&["members.read", "contacts.read"], RecordScope::Own).await;
    let blind = acme.with_permissions(&["members.read"]).await;
    let theirs = contact(acme.owner()).await;
    let owner = user(acme.owner()).await;
    let about = |id: &str| json!({ "action": "contacts.read", "user_id": owner, "record_id": id });
    for asker in [&own, &blind] {
        let refused = asker.post("/authz/explain", about(&theirs)).await;
        let missing = asker.post("/authz/explain", about(&uuid::Uuid::new_v4().to_string())).await;
        assert_eq!(refused.text, missing.text);
        assert_eq!(refused.problem(404, "not_found").pointers(), ["/record_id"]);
    }
}

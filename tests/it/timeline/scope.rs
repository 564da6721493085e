//! A timeline reaches as far as the role.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use crate::platform;

/// Of a record out of reach there is none; of one in reach only what is in reach about it.
#[tokio::test]
async fn only_what_is_in_reach_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions =
        ["contacts.read", "contacts.write", "tasks.read", "tasks.write", "activities.read", "activities.write"];
    let anna = acme.with_scope(&permissions, RecordScope::Own).await;
    let ben = acme.with_scope(&permissions, RecordScope::Team).await;
    let contact = anna.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = format!("{}/timeline", contact.header("location"));
    for client in [&anna, acme.owner()] {
        client.post("/tasks", json!({ "title": "Call", "contact_id": contact.id() })).await.expect(201);
        let note = json!({ "kind": "note", "body": "x", "contact_id": contact.id() });
        client.post("/activities", note).await.expect(201);
    }
    assert_eq!(acme.owner().get(&path).await.expect(200).items().len(), 5);
    assert_eq!(anna.get(&path).await.expect(200).items().len(), 3);
    let missing = ben.get(&format!("/contacts/{}/timeline", Uuid::new_v4())).await;
    let hers = ben.get(&path).await;
    assert_eq!((hers.status.as_u16(), &hers.text), (404, &missing.text));
    acme.team("Sales", &[&anna, &ben]).await;
    assert_eq!(ben.get(&path).await.expect(200).items().len(), 3);
    let other = platform.organization("Other").await;
    assert_eq!(other.owner().get(&path).await.problem(404, "not_found").text, missing.text);
}

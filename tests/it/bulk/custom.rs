//! Values of own fields, many at once: by the same rules as one at a time.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::statuses;
use crate::custom_fields::{acme, body, contact, field, of};
use crate::support::{count, superuser_in};
use crate::trash;

/// Each type takes its values; what is not named stays, null takes one away.
#[tokio::test]
async fn values_are_merged_by_key() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let company = owner.post("/companies", json!({ "name": "Mill" })).await.expect(201);
    for resource in ["contacts", "companies", "projects"] {
        for kind in ["text", "number", "date", "choice", "boolean", "reference"] {
            of(owner, resource, kind, kind).await;
        }
    }
    let all = json!({
        "text": "x", "number": 12.5, "date": "2026-11-21", "choice": "red", "boolean": false, "reference": company.id(),
    });
    for (path, name) in [("/contacts", "last_name"), ("/companies", "name"), ("/projects", "name")] {
        let create = json!([{ name: "A", "custom": all }, { name: "B", "custom": { "text": null } }, { name: "C" }]);
        let made = owner.post(&format!("{path}/bulk"), json!({ "create": create })).await.expect(200).body;
        let id = |n: usize| made["create"][n]["id"].as_str().unwrap().to_owned();
        let [a, b, c] = [0, 1, 2].map(|n| format!("{path}/{}", id(n)));
        assert_eq!(owner.get(&a).await.expect(200).body["custom"], all, "{path}");
        assert_eq!(owner.get(&b).await.expect(200).body["custom"], json!({}), "{path}");
        let update = json!([
            { "id": id(0), "custom": { "text": null, "number": -3 } },
            { "id": id(1), name: "Bb" },
            { "id": id(2), "custom": { "text": null } },
        ]);
        let done = owner.post(&format!("{path}/bulk"), json!({ "update": update })).await.expect(200).body;
        let versions: Vec<_> = done["update"].as_array().unwrap().iter().map(|row| &row["version"]).collect();
        assert_eq!(versions, [2, 2, 1], "what changes nothing keeps its version");
        let changed = owner.get(&a).await.expect(200).body["custom"].clone();
        assert_eq!(
            (&changed["text"], &changed["number"], &changed["choice"]),
            (&Value::Null, &json!(-3), &json!("red"))
        );
        assert_eq!(owner.get(&c).await.expect(200).body["custom"], json!({}), "{path}");
    }
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts WHERE custom @> '{\"text\": null}'").await, 0);
}

/// What a field does not take is pointed at in its row, and required fields are required.
#[tokio::test]
async fn each_wrong_value_is_pointed_at() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let before = contact(owner, "Before", json!({})).await;
    field(owner, "size", "number").await;
    field(owner, "employer", "reference").await;
    let mut required = body("contacts", "tier", "choice");
    required["required"] = json!(true);
    owner.post("/custom-fields", required).await.expect(201);
    let create = json!([
        { "last_name": "Good", "custom": { "tier": "red" } },
        { "last_name": "None" },
        { "last_name": "Wrong", "custom": { "tier": "red", "size": "x", "zebra": 1 } },
        { "last_name": "Null", "custom": { "tier": null } },
        { "last_name": "Stranger", "custom": { "tier": "red", "employer": Uuid::new_v4() } },
    ]);
    let update = json!([
        { "id": before.id(), "last_name": "After" },
        { "id": Uuid::new_v4(), "custom": { "size": 1 } },
    ]);
    let all = json!({ "create": create, "update": update });
    let refused = owner.post("/contacts/bulk", all.clone()).await.problem(422, "invalid");
    assert_eq!(
        refused.pointers(),
        [
            "/create/1/custom/tier",
            "/create/2/custom/size",
            "/create/2/custom/zebra",
            "/create/3/custom/tier",
            "/create/4/custom/employer",
            "/update/1/id",
        ]
    );
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 1);

    let mut per_row = all;
    per_row["mode"] = json!("per_row");
    let done = owner.post("/contacts/bulk", per_row).await.expect(200).body;
    assert_eq!(statuses(&done["create"]), [201, 422, 422, 422, 404]);
    assert_eq!(statuses(&done["update"]), [200, 404]);
    assert_eq!(done["create"][2]["problem"]["errors"][0]["pointer"], "/create/2/custom/size");
    let cleared = json!({ "update": [{ "id": done["create"][0]["id"], "custom": { "tier": null } }] });
    let refused = owner.post("/contacts/bulk", cleared).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/update/0/custom/tier"]);
}

/// Who reaches only their own records names only those; and values of deleted fields survive a change.
#[tokio::test]
async fn references_are_in_reach_and_hidden_values_stay() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "employer", "reference").await;
    let size = field(owner, "size", "number").await;
    let theirs = owner.post("/companies", json!({ "name": "Mill" })).await.expect(201);
    let all = ["contacts.read", "contacts.write", "companies.read", "companies.write"];
    let narrow = acme.with_scope(&all, RecordScope::Own).await;
    let own = narrow.post("/companies", json!({ "name": "Own" })).await.expect(201);
    let rows = [theirs.id(), own.id()].map(|id| json!({ "last_name": "B", "custom": { "employer": id } }));
    let done = narrow.post("/contacts/bulk", json!({ "mode": "per_row", "create": rows })).await.expect(200).body;
    assert_eq!(statuses(&done["create"]), [404, 201]);
    assert_eq!(done["create"][0]["problem"]["errors"][0]["pointer"], "/create/0/custom/employer");

    let kept = contact(owner, "Kept", json!({ "size": 7, "employer": theirs.id() })).await;
    owner.delete(&format!("/custom-fields/{}", size.id())).await.expect(204);
    let update = json!({ "update": [{ "id": kept.id(), "last_name": "K", "custom": { "employer": null } }] });
    owner.post("/contacts/bulk", update).await.expect(200);
    let gone = trash::of(owner, size.id()).await;
    trash::restore(owner, &gone["id"]).await.expect(200);
    let shown = owner.get(&format!("/contacts/{}", kept.id())).await.expect(200);
    assert_eq!(shown.body["custom"], json!({ "size": 7 }));
}

/// A thousand rows take no more statements than one.
#[tokio::test]
async fn a_full_request_is_done_at_once() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "employer", "reference").await;
    let companies = vec![json!({ "name": "C" }); 500];
    let made = owner.post("/companies/bulk", json!({ "create": companies })).await.expect(200).body;
    let rows: Vec<Value> = made["create"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|company| vec![json!({ "last_name": "N", "custom": { "employer": company["id"] } }); 2])
        .collect();
    let done = owner.post("/contacts/bulk", json!({ "create": rows })).await.expect(200).body;
    assert!(statuses(&done["create"]).iter().all(|status| *status == 201));
}

//! `/undos`: what somebody did is shown, and taken back.

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::platform;

/// Who a client is.
pub async fn me(client: &TestClient) -> String {
    client.get("/users/me").await.expect(200).id().to_owned()
}

/// The body that asks for all that somebody did in the last hour.
pub fn all_of(user: &str) -> Value {
    let at = |hours| (OffsetDateTime::now_utc() + Duration::hours(hours)).format(&Rfc3339).unwrap();
    json!({ "user_id": user, "from": at(-1), "until": at(1) })
}

/// A preview of all that a client did, made by another.
pub async fn preview(by: &TestClient, of: &TestClient) -> Value {
    by.post("/undos", all_of(&me(of).await)).await.expect(201).body
}

/// The records of an undo.
pub async fn records(by: &TestClient, undo: &Value) -> Vec<Value> {
    let path = format!("/undos/{}/records?limit=200", undo["id"].as_str().unwrap());
    by.get(&path).await.expect(200).items().to_vec()
}

/// Applies an undo.
pub async fn apply(by: &TestClient, undo: &Value, conflicts: &str) -> tenantry_core::testing::Reply {
    by.post(&format!("/undos/{}/apply", undo["id"].as_str().unwrap()), json!({ "conflicts": conflicts })).await
}

/// Makes a contact, and gives its path and id.
pub async fn contact(by: &TestClient, name: &str) -> (String, String) {
    let made = by.post("/contacts", json!({ "last_name": name, "company": "Analytical Engines" })).await.expect(201);
    (format!("/contacts/{}", made.id()), made.id().to_owned())
}

/// A platform with an organization that has all modules.
pub async fn acme() -> (TestPlatform, TestOrganization) {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    (platform, acme)
}

/// What was made goes, what was deleted comes back, what was changed is as before; as a change of who takes it back.
#[tokio::test]
async fn what_somebody_did_is_taken_back() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (changed, _) = contact(owner, "Babbage").await;
    let (deleted, _) = contact(owner, "Somerville").await;
    let before = owner.get(&deleted).await.expect(200);
    let (made, _) = contact(&member, "Lovelace").await;
    member.patch(&changed, "\"1\"", json!({ "first_name": "Charles", "company": null })).await.expect(200);
    member.patch(&changed, "\"2\"", json!({ "first_name": "Carl" })).await.expect(200);
    member.patch(&deleted, "\"1\"", json!({ "last_name": "Fairfax" })).await.expect(200);
    member.delete(&deleted).await.expect(204);

    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], &undo["conflicts"], &undo["applied_at"]), (&json!(3), &json!(0), &Value::Null));
    let shown = records(owner, &undo).await;
    let of = |path: &str| shown.iter().find(|record| path.ends_with(record["record"].as_str().unwrap())).unwrap();
    assert_eq!(of(&made)["action"], "delete");
    assert_eq!(of(&deleted)["action"], "recreate");
    assert_eq!(of(&changed)["action"], "restore");
    assert_eq!(
        of(&changed)["fields"],
        json!([
            { "name": "company", "now": null, "then": "Analytical Engines", "conflict": false, "changed_by": null },
            { "name": "first_name", "now": "Carl", "then": null, "conflict": false, "changed_by": null },
        ])
    );
    owner.get(&made).await.expect(200);

    let applied = apply(owner, &undo, "refuse").await.expect(200);
    assert_eq!(applied.header("etag"), "\"2\"");
    assert_eq!(applied.body["applied_by"], json!(me(owner).await));
    owner.get(&made).await.problem(404, "not_found");
    let now = owner.get(&changed).await.expect(200);
    assert_eq!((&now.body["first_name"], &now.body["company"]), (&Value::Null, &json!("Analytical Engines")));
    assert_eq!(now.header("etag"), "\"4\"");
    let again = owner.get(&deleted).await.expect(200);
    for field in ["id", "last_name", "company", "owner_id", "created_at", "display_name"] {
        assert_eq!(again.body[field], before.body[field], "{field}");
    }
    assert_ne!(again.body["updated_at"], before.body["updated_at"]);
    // A version that was read before all of this is out of date.
    owner.patch(&deleted, "\"2\"", json!({ "first_name": "Mary" })).await.problem(412, "stale_version");

    let noted = owner.get("/audit?operation=audit_undo&resource=contacts").await.expect(200);
    let mut changes = noted.column("change");
    changes.sort_unstable();
    assert_eq!(changes, ["created", "deleted", "updated"]);
    let mine = json!(me(owner).await);
    assert!(noted.items().iter().all(|entry| entry["user_id"] == mine && entry["request_id"].is_string()));
    apply(owner, &undo, "refuse").await.problem(409, "undo_applied");
}

/// An undo is a change, and so can be undone: by its request alone, whatever else its author did.
#[tokio::test]
async fn an_undo_is_undone() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (changed, _) = contact(owner, "Babbage").await;
    let (made, _) = contact(&member, "Lovelace").await;
    member.patch(&changed, "\"1\"", json!({ "first_name": "Charles" })).await.expect(200);
    let applied = apply(owner, &preview(owner, &member).await, "refuse").await.expect(200);
    owner.get(&made).await.problem(404, "not_found");

    let mut back = all_of(&me(owner).await);
    back["request_id"] = json!(applied.header("x-request-id"));
    let undo = owner.post("/undos", back).await.expect(201).body;
    assert_eq!(undo["left_out"], json!([{ "resource": "undos", "count": 1, "reason": "not_undoable" }]));
    apply(owner, &undo, "refuse").await.expect(200);
    owner.get(&made).await.expect(200);
    assert_eq!(owner.get(&changed).await.expect(200).body["first_name"], "Charles");
    // Nothing is left of what the first undo did, and the member's own work stands again, by another hand.
    assert_eq!(preview(owner, &member).await["conflicts"], json!(2));
}

/// What came and went has no effect any more; nor has what others have set back already.
#[tokio::test]
async fn what_has_no_effect_any_more_is_not_listed() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (changed, _) = contact(owner, "Babbage").await;
    let (made, _) = contact(&member, "Lovelace").await;
    member.delete(&made).await.expect(204);
    member.patch(&changed, "\"1\"", json!({ "first_name": "Carl" })).await.expect(200);
    owner.patch(&changed, "\"2\"", json!({ "first_name": null })).await.expect(200);
    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], records(owner, &undo).await.len()), (&json!(0), 0));
    apply(owner, &undo, "refuse").await.expect(200);
    assert_eq!(owner.get(&changed).await.expect(200).header("etag"), "\"3\"");
}

/// It can be narrowed to kinds of records and to single ones; what cannot be undone is told.
#[tokio::test]
async fn it_can_be_narrowed() {
    let (_platform, acme) = acme().await;
    let (owner, admin) = (acme.owner(), acme.admin().await);
    let (_, id) = contact(&admin, "Babbage").await;
    contact(&admin, "Lovelace").await;
    admin.post("/teams", json!({ "name": "North" })).await.expect(201);
    let undo = preview(owner, &admin).await;
    assert_eq!(undo["count"], 2);
    let left_out = undo["left_out"].as_array().unwrap();
    assert!(left_out.contains(&json!({ "resource": "teams", "count": 1, "reason": "not_undoable" })), "{undo}");
    for (field, value, count) in [
        ("records", json!([id]), 1),
        ("resources", json!(["contacts"]), 2),
        ("resources", json!(["properties", "teams"]), 0),
        ("request_id", json!(uuid::Uuid::new_v4()), 0),
    ] {
        let mut body = all_of(&me(&admin).await);
        body[field] = value;
        assert_eq!(owner.post("/undos", body).await.expect(201).body["count"], count, "{field}");
    }
    assert_eq!(owner.get("/undos").await.expect(200).items().len(), 5);
}

/// Parents come back before their children, and go after them, whatever the order of the changes.
#[tokio::test]
async fn records_that_refer_to_each_other_go_together() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let patient = |contact: &str, number: &str| json!({ "contact_id": contact, "number": number, "date_of_birth": "1990-05-17", "gender": "other", "insurer": null });
    let (contact_path, id) = contact(owner, "Babbage").await;
    let made = owner.post("/clinic/patients", patient(&id, "P-1")).await.expect(201);
    let patient_path = format!("/clinic/patients/{}", made.id());
    member.delete(&patient_path).await.expect(204);
    member.delete(&contact_path).await.expect(204);
    // The number goes to another one.
    let (other_path, other) = contact(&member, "Lovelace").await;
    member.post("/clinic/patients", patient(&other, "P-1")).await.expect(201);

    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], &undo["conflicts"]), (&json!(4), &json!(0)), "{:?}", records(owner, &undo).await);
    apply(owner, &undo, "refuse").await.expect(200);
    owner.get(&contact_path).await.expect(200);
    assert_eq!(owner.get(&patient_path).await.expect(200).body["number"], "P-1");
    owner.get(&other_path).await.problem(404, "not_found");
    let back = preview(owner, owner).await;
    assert_eq!(back["conflicts"], 0, "{:?}", records(owner, &back).await);
}

/// Times and lists have bounds, and so has what can be undone at once.
#[tokio::test]
async fn what_is_asked_for_has_bounds() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let user = me(owner).await;
    let with = |field: &str, value: Value| {
        let mut body = all_of(&user);
        body[field] = value;
        body
    };
    for (field, value, pointer) in [
        ("until", json!("2020-01-01T00:00:00Z"), "/until"),
        ("until", json!("2199-01-01T00:00:00Z"), "/until"),
        ("resources", json!([]), "/resources"),
        ("resources", json!(["contacts", "contact"]), "/resources/1"),
        ("records", json!(vec!["x"; 1001]), "/records"),
        ("from", json!("yesterday"), "/from"),
    ] {
        let reply = owner.post("/undos", with(field, value)).await.problem(422, "invalid");
        assert_eq!(reply.pointers(), [pointer], "{field}");
    }
    let stranger = with("user_id", json!(uuid::Uuid::new_v4()));
    assert_eq!(owner.post("/undos", stranger).await.problem(404, "not_found").pointers(), ["/user_id"]);
    owner.get("/undos/8e03978e-40d5-43dd-bc93-6894a57f9324").await.problem(404, "not_found");
    owner.get("/undos/8e03978e-40d5-43dd-bc93-6894a57f9324/records").await.problem(404, "not_found");
}

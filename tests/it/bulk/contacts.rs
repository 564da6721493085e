//! Contacts, as every resource that is changed many at once.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::statuses;
use crate::platform;
use crate::support::{count, superuser_in};

/// What is made, changed and deleted is as by the single operations, with its journal, by one statement of each kind.
#[tokio::test]
async fn many_are_made_changed_and_deleted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let kept = owner.post("/contacts", json!({ "last_name": "Kept", "email": "kept@example.com" })).await.expect(201);
    let gone = owner.post("/contacts", json!({ "last_name": "Gone" })).await.expect(201);
    let new: Vec<Value> = (0..900)
        .map(|n| json!({ "last_name": format!("N {n}"), "email": format!("n{n}@example.com"), "tags": ["a"] }))
        .collect();
    let body = json!({
        "create": new,
        "update": [{ "id": kept.id(), "version": 1, "email": null, "phone": "+43 1 58858" }],
        "delete": [{ "id": gone.id() }],
    });
    let done = owner.post("/contacts/bulk", body).await.expect(200).body;
    assert!(statuses(&done["create"]).iter().all(|status| *status == 201));
    assert_eq!(done["update"], json!([{ "status": 200, "id": kept.id(), "version": 2, "problem": null }]));
    assert_eq!(done["delete"], json!([{ "status": 204, "id": gone.id(), "version": null, "problem": null }]));

    let made = owner.get(&format!("/contacts/{}", done["create"][899]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&made.body["last_name"], &made.body["tags"]), (&json!("N 899"), &json!(["a"])));
    assert_eq!((&made.body["owner_id"], made.header("etag")), (&kept.body["owner_id"], "\"1\""));
    let changed = owner.get(&format!("/contacts/{}", kept.id())).await.expect(200);
    assert_eq!((&changed.body["email"], &changed.body["phone"]), (&Value::Null, &json!("+43158858")));
    owner.get(&format!("/contacts/{}", gone.id())).await.problem(404, "not_found");

    let database = superuser_in(&platform, &acme).await;
    let of_one = "SELECT count(*) FROM journal WHERE operation = 'contacts_bulk' AND kind = 'person'";
    assert_eq!(count(&database, of_one).await, 902);
    let requests = "SELECT count(DISTINCT request_id) FROM journal WHERE operation = 'contacts_bulk'";
    assert_eq!(count(&database, requests).await, 1);
}

/// Where one row is wrong nothing changes, and the problem points at all of them.
#[tokio::test]
async fn all_or_nothing_changes_nothing_and_points_at_the_rows() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let missing = Uuid::new_v4();
    let body = json!({
        "create": [{ "last_name": "Good" }, { "last_name": "Bad", "email": "no" }, { "email": "a@example.com" }, { "zebra": 1 }],
        "update": [{ "id": made.id(), "version": 9, "last_name": "Y" }, { "id": missing, "last_name": "Z" }, { "id": "x" }, {}],
        "delete": [{ "id": made.id() }],
    });
    let refused = owner.post("/contacts/bulk", body).await.problem(422, "invalid");
    assert_eq!(
        refused.pointers(),
        [
            "/create/1/email",
            "/create/2/last_name",
            "/create/3/zebra",
            "/update/0/version",
            "/update/1/id",
            "/update/2/id",
            "/update/3/id",
            "/delete/0/id",
        ]
    );
    let all = owner.get("/contacts").await.expect(200);
    assert_eq!((all.items().len(), &all.items()[0]["last_name"]), (1, &json!("X")));
    let stale = json!({ "update": [{ "id": made.id(), "version": 2, "last_name": "Y" }] });
    owner.post("/contacts/bulk", stale).await.problem(412, "stale_version");
}

/// The good rows are done, and each of the others says what the operation on it alone would have.
#[tokio::test]
async fn per_row_does_the_good_ones() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let body = json!({
        "mode": "per_row",
        "create": [{ "last_name": "Good" }, { "email": "no" }],
        "update": [{ "id": made.id(), "last_name": null }, { "id": Uuid::new_v4() }],
        "delete": [{ "id": Uuid::new_v4() }],
    });
    let done = owner.post("/contacts/bulk", body).await.expect(200).body;
    assert_eq!(statuses(&done["create"]), [201, 422]);
    assert_eq!(statuses(&done["update"]), [422, 404]);
    assert_eq!(statuses(&done["delete"]), [404]);
    assert_eq!(done["create"][1]["problem"]["errors"][0]["pointer"], "/create/1/email");
    assert_eq!(done["update"][0]["problem"]["errors"][0]["pointer"], "/update/0/last_name");
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 2);
}

/// The request is bounded, and as strict as any.
#[tokio::test]
async fn too_many_rows_and_odd_ones_are_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let rows = vec![json!({ "last_name": "X" }); 1001];
    owner.post("/contacts/bulk", json!({ "create": rows })).await.problem(422, "invalid");
    owner.post("/contacts/bulk", json!({})).await.problem(422, "invalid");
    owner.post("/contacts/bulk", json!({ "zebra": [] })).await.problem(422, "invalid");
    owner.post("/contacts/bulk", json!({ "create": 7 })).await.problem(422, "invalid");
    let twice = owner.request(reqwest::Method::POST, "/contacts/bulk").header("content-type", "application/json");
    let twice = twice.body(r#"{"create":[{"last_name":"X","last_name":"Y"}]}"#);
    owner.send(twice).await.problem(400, "malformed_request");
    acme.viewer()
        .await
        .post("/contacts/bulk", json!({ "create": [{ "last_name": "X" }] }))
        .await
        .problem(403, "forbidden");
    assert!(owner.get("/contacts").await.expect(200).items().is_empty());
}

/// Out of reach is not found; what is made is its maker's.
#[tokio::test]
async fn reach_is_that_of_the_single_operations() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&["contacts.read", "contacts.write"], RecordScope::Own).await;
    let theirs = acme.owner().post("/contacts", json!({ "last_name": "T" })).await.expect(201);
    let hers = anna.post("/contacts", json!({ "last_name": "H" })).await.expect(201);
    let body = json!({
        "mode": "per_row",
        "create": [{ "last_name": "N" }],
        "update": [{ "id": theirs.id(), "last_name": "!" }, { "id": hers.id(), "last_name": "I" }],
        "delete": [{ "id": Uuid::new_v4() }],
    });
    let done = anna.post("/contacts/bulk", body).await.expect(200).body;
    assert_eq!((statuses(&done["create"]), statuses(&done["update"])), (vec![201], vec![404, 200]));
    let delete = json!({ "delete": [{ "id": theirs.id() }] });
    anna.post("/contacts/bulk", delete).await.problem(404, "not_found");
    assert_eq!(anna.get("/contacts").await.expect(200).items().len(), 2);
    let still = acme.owner().get(&format!("/contacts/{}", theirs.id())).await.expect(200);
    assert_eq!(still.body["last_name"], "T");
}

//! `POST /api/v1/real-estate/key-sets/{id}/check-out` and `/return`: keys are in one pair of hands.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::key_set;
use crate::{agency, given};

/// A contact takes them, brings them back; a member does; the history tells.
#[tokio::test]
async fn keys_go_out_and_come_back() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = key_set(&member).await;
    let path = made.header("location");
    let contact = given::contact(&member).await;
    let out = json!({ "contact_id": contact, "due_back_at": "2199-01-01T12:00:00Z", "note": "For the plumber." });
    let movement = member.post(&format!("{path}/check-out"), out).await.expect(201);
    assert_eq!((&movement.body["contact_id"], &movement.body["returned_at"]), (&json!(contact), &json!(null)));

    let now = member.get(path).await.expect(200);
    assert_eq!(now.body["contact_id"], json!(contact));
    assert_eq!(now.body["out_since"], movement.body["taken_at"]);
    assert_ne!(now.header("etag"), made.header("etag"), "who has the record has to read it again");

    let back = member.post(&format!("{path}/return"), json!({})).await.expect(200);
    assert_eq!((&back.body["out_since"], &back.body["contact_id"]), (&json!(null), &json!(null)));
    assert_eq!(member.post(&format!("{path}/return"), json!({})).await.expect(200).body, back.body);

    let me = member.get("/users/me").await.expect(200);
    member.post(&format!("{path}/check-out"), json!({ "user_id": me.id() })).await.expect(201);
    let first = member.get(&format!("{path}/movements?limit=1")).await.expect(200);
    assert_eq!(first.column("user_id"), [me.id()]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = member.get(&format!("{path}/movements?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(second.column("contact_id"), [contact.as_str()]);
    assert!(!second.items()[0]["returned_at"].is_null() && second.body["next_cursor"].is_null());
}

/// Of many who reach for a set at once, one has it.
#[tokio::test]
async fn one_of_many_has_them() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = key_set(owner).await;
    let path = format!("{}/check-out", made.header("location"));
    let mut bodies = Vec::new();
    for _ in 0..8 {
        bodies.push(json!({ "contact_id": given::contact(owner).await }));
    }
    let replies = join_all(bodies.into_iter().map(|body| owner.post(&path, body))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(taken.len(), 1);
    for reply in refused {
        reply.problem(409, "key_set_out");
    }
    let history = owner.get(&format!("{}/movements", made.header("location"))).await.expect(200);
    assert_eq!(history.column("id"), [taken[0].id()]);
}

/// The database itself lets no set be out twice, whatever a program does.
#[tokio::test]
async fn the_database_knows_one_holder() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = key_set(owner).await;
    let contact = given::contact(owner).await;
    owner.post(&format!("{}/check-out", made.header("location")), json!({ "contact_id": contact })).await.expect(201);
    let again = format!(
        "INSERT INTO {schema}.key_movements (id, key_set_id, contact_id) SELECT gen_random_uuid(), key_set_id, contact_id
         FROM {schema}.key_movements",
        schema = agency.tenant().schema()
    );
    let refused = platform.database().superuser().await.batch_execute(&again).await.unwrap_err();
    assert_eq!(refused.as_db_error().and_then(|error| error.constraint()), Some("key_movements_out_key"));
}

/// Either a contact or a member takes them, one that there is and that the caller reaches.
#[tokio::test]
async fn somebody_known_takes_them() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let path = format!("{}/check-out", key_set(owner).await.header("location"));
    let (contact, me) = (given::contact(owner).await, owner.get("/users/me").await.expect(200));
    let nobody = uuid::Uuid::new_v4();
    for (body, status, pointer) in [
        (json!({}), 422, "/contact_id"),
        (json!({ "contact_id": contact, "user_id": me.id() }), 422, "/contact_id"),
        (json!({ "contact_id": contact, "due_back_at": "2001-01-01T00:00:00Z" }), 422, "/due_back_at"),
        (json!({ "contact_id": nobody }), 404, "/contact_id"),
        (json!({ "user_id": nobody }), 404, "/user_id"),
    ] {
        assert_eq!(owner.post(&path, body).await.expect(status).pointers(), [pointer]);
    }
    let own = agency.with_scope(&["keys.read", "keys.write", "contacts.read"], RecordScope::Own).await;
    let refused = own.post(&path, json!({ "contact_id": contact })).await.problem(404, "not_found");
    assert_eq!(refused.pointers(), ["/contact_id"]);
    agency.viewer().await.post(&path, json!({ "contact_id": contact })).await.problem(403, "forbidden");
}

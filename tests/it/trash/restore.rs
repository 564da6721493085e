//! `POST /trash/{id}/restore`: what comes back, and what stands in the way.

use futures_util::future::join_all;
use serde_json::json;

use super::{deleted_contact, of, patient, restore, titles, trash};
use crate::audit::acme;

/// It is the record that it was, but for its version, and is audited as a change of who restores it.
#[tokio::test]
async fn a_record_comes_back_as_it_was() {
    let (platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let body =
        json!({ "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "notes": "Line\nline" });
    let made = owner.post("/contacts", body).await.expect(201);
    let path = format!("/contacts/{}", made.id());
    let before = owner.patch(&path, "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    member.delete(&path).await.expect(204);

    let item = of(&member, made.id()).await;
    let reply = restore(&member, &item["id"]).await.expect(200);
    assert_eq!(reply.body["path"], json!(format!("/api/v1{path}")));
    assert_eq!((&reply.body["restored"], &reply.body["left_out"]), (&json!(1), &json!(0)));
    let after = owner.get(&path).await.expect(200);
    for (field, value) in before.body.as_object().unwrap() {
        if field != "updated_at" {
            assert_eq!(&after.body[field], value, "{field}");
        }
    }
    assert_eq!(after.header("etag"), "\"3\"");
    owner.patch(&path, "\"2\"", json!({ "phone": "+4315885802" })).await.problem(412, "stale_version");

    let noted = owner.get("/audit?operation=trash_restore&resource=contacts").await.expect(200);
    assert_eq!(noted.column("change"), ["created"]);
    let undo = owner.get(&format!("/undos/{}", reply.body["undo_id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!((&undo["count"], &undo["applied_at"].is_null()), (&json!(1), &false));
    platform.seal().await;
    let heard = owner.get("/events?limit=200").await.expect(200);
    let of_it: Vec<&str> = heard
        .items()
        .iter()
        .filter(|event| event["record"] == json!(made.id()))
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(of_it, ["contact.created", "contact.updated", "contact.deleted", "contact.created"]);
}

/// Of many who restore it at once one does, and the others are told.
#[tokio::test]
async fn it_comes_back_once() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for _ in 0..crate::support::rounds(2) {
        let id = deleted_contact(owner, "Babbage").await;
        let item = of(owner, &id).await;
        let replies = join_all((0..50).map(|_| restore(owner, &item["id"]))).await;
        let (back, others): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(back.len(), 1);
        for other in others {
            other.problem(409, "restored_already");
        }
        assert_eq!(owner.get(&format!("/contacts/{id}")).await.expect(200).header("etag"), "\"2\"");
        restore(owner, &item["id"]).await.problem(409, "restored_already");
    }
}

/// A value that no two may share and that is taken, or a record that it needs and that is gone, is named; then it goes on.
#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let contact =
        async |name: &str| owner.post("/contacts", json!({ "last_name": name })).await.expect(201).id().to_owned();
    let (first, second) = (contact("First").await, contact("Second").await);
    let made = owner.post("/clinic/patients", patient(&first, "P-1")).await.expect(201);
    let gone = format!("/clinic/patients/{}", made.id());
    owner.delete(&gone).await.expect(204);
    let item = of(owner, made.id()).await;

    let rival = owner.post("/clinic/patients", patient(&second, "P-1")).await.expect(201);
    assert_eq!(restore(owner, &item["id"]).await.problem(409, "value_taken").pointers(), ["/number"]);
    let rival_path = format!("/clinic/patients/{}", rival.id());
    owner.patch(&rival_path, "\"1\"", json!({ "number": "P-2" })).await.expect(200);

    owner.delete(&format!("/contacts/{first}")).await.expect(204);
    assert_eq!(restore(owner, &item["id"]).await.problem(409, "reference_gone").pointers(), ["/contact_id"]);
    owner.get(&gone).await.problem(404, "not_found");
    assert_eq!(titles(owner).await, ["First", "P-1"]);
    assert_eq!(owner.get("/undos").await.expect(200).items().len(), 0, "what was refused has left a trace");

    restore(owner, &of(owner, &first).await["id"]).await.expect(200);
    restore(owner, &item["id"]).await.expect(200);
    assert_eq!(owner.get(&gone).await.expect(200).body["number"], "P-1");
    assert!(trash(owner).await.is_empty());
}

/// A restoration is a change, and so can be undone: the record is in the trash again.
#[tokio::test]
async fn a_restoration_is_undone() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let id = deleted_contact(owner, "Babbage").await;
    let reply = restore(owner, &of(owner, &id).await["id"]).await.expect(200);
    let mut body = crate::audit::all_of(&crate::audit::me(owner).await);
    body["request_id"] = json!(reply.header("x-request-id"));
    let undo = owner.post("/undos", body).await.expect(201);
    owner.post(&format!("/undos/{}/apply", undo.id()), json!({ "conflicts": "refuse" })).await.expect(200);
    assert_eq!(titles(owner).await, ["Babbage"]);
    restore(owner, &of(owner, &id).await["id"]).await.expect(200);
}

//! What stands in the way of undoing: it is told, and never overwritten.

use serde_json::{Value, json};

use super::undo::{acme, all_of, apply, contact, me, preview, records};

fn patient(contact: &str, number: &str) -> Value {
    json!({ "contact_id": contact, "number": number, "date_of_birth": "1990-05-17", "gender": "other", "insurer": null })
}

/// A field that somebody else has changed since stays; the others of the record do not.
#[tokio::test]
async fn a_field_that_another_has_changed_stays() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (path, _) = contact(owner, "Babbage").await;
    member.patch(&path, "\"1\"", json!({ "first_name": "Carl", "phone": "+4315885801" })).await.expect(200);
    owner.patch(&path, "\"2\"", json!({ "first_name": "Charles" })).await.expect(200);

    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], &undo["conflicts"]), (&json!(1), &json!(1)));
    let shown = records(owner, &undo).await;
    assert_eq!((&shown[0]["action"], &shown[0]["conflict"]), (&json!("restore"), &Value::Null));
    assert_eq!(
        shown[0]["fields"],
        json!([
            { "name": "first_name", "now": "Charles", "then": null, "conflict": true, "changed_by": me(owner).await },
            { "name": "phone", "now": "+4315885801", "then": null, "conflict": false, "changed_by": null },
        ])
    );
    let refused = apply(owner, &undo, "refuse").await.problem(409, "undo_conflicts");
    assert_eq!(refused.pointers(), [path.as_str()]);
    assert_eq!(owner.get(&path).await.expect(200).header("etag"), "\"3\"");
    apply(owner, &undo, "skip").await.expect(200);
    let now = owner.get(&path).await.expect(200).body;
    assert_eq!((&now["first_name"], &now["phone"]), (&json!("Charles"), &Value::Null));
}

/// What the actor changed back after others is set to what the others left.
#[tokio::test]
async fn the_work_of_others_between_comes_back() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (path, _) = contact(owner, "Babbage").await;
    for (by, etag, phone) in
        [(&member, "\"1\"", "+4315885801"), (owner, "\"2\"", "+4315885802"), (&member, "\"3\"", "+4315885803")]
    {
        by.patch(&path, etag, json!({ "phone": phone })).await.expect(200);
    }
    let undo = preview(owner, &member).await;
    assert_eq!(undo["conflicts"], 0);
    apply(owner, &undo, "refuse").await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200).body["phone"], "+4315885802");
}

/// A record that others have worked on is not deleted; one that others have deleted is told as gone.
#[tokio::test]
async fn the_records_of_others_stay() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (touched, _) = contact(&member, "Babbage").await;
    let (gone, _) = contact(owner, "Somerville").await;
    owner.patch(&touched, "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    member.patch(&gone, "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    owner.delete(&gone).await.expect(204);

    let undo = preview(owner, &member).await;
    let mut shown: Vec<_> = records(owner, &undo)
        .await
        .iter()
        .map(|record| format!("{} {}", record["action"].as_str().unwrap(), record["conflict"].as_str().unwrap_or("-")))
        .collect();
    shown.sort();
    assert_eq!(shown, ["delete changed_since", "restore gone"]);
    apply(owner, &undo, "refuse").await.problem(409, "undo_conflicts");
    apply(owner, &undo, "skip").await.expect(200);
    owner.get(&touched).await.expect(200);
    owner.get(&gone).await.problem(404, "not_found");
}

/// Other records have their say: they refer to what would go, what they need is gone, or they have the number.
#[tokio::test]
async fn other_records_stand_in_the_way() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (used_path, used) = contact(&member, "Used").await;
    owner.post("/clinic/patients", patient(&used, "P-1")).await.expect(201);

    let (orphan_path, orphan) = contact(owner, "Orphan").await;
    let (_, numbered) = contact(owner, "Numbered").await;
    let (_, second) = contact(owner, "Second").await;
    for (id, number) in [(&orphan, "P-2"), (&numbered, "P-3")] {
        let made = owner.post("/clinic/patients", patient(id, number)).await.expect(201);
        member.delete(&format!("/clinic/patients/{}", made.id())).await.expect(204);
    }
    owner.delete(&orphan_path).await.expect(204);
    owner.post("/clinic/patients", patient(&second, "P-3")).await.expect(201);

    let undo = preview(owner, &member).await;
    let shown = records(owner, &undo).await;
    let mut conflicts: Vec<_> = shown
        .iter()
        .map(|record| format!("{} {}", record["action"].as_str().unwrap(), record["conflict"].as_str().unwrap_or("-")))
        .collect();
    conflicts.sort();
    assert_eq!(conflicts, ["delete in_use", "recreate reference_gone", "recreate taken"]);
    apply(owner, &undo, "refuse").await.problem(409, "undo_conflicts");
    apply(owner, &undo, "skip").await.expect(200);
    owner.get(&used_path).await.expect(200);
    assert_eq!(owner.get("/clinic/patients").await.expect(200).items().len(), 2);
}

/// What changes between preview and application is not run over: it is named, and nothing is done.
#[tokio::test]
async fn what_changes_after_the_preview_is_seen() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (first, _) = contact(&member, "Babbage").await;
    let (second, _) = contact(&member, "Lovelace").await;
    let undo = preview(owner, &member).await;
    assert_eq!(undo["conflicts"], 0);
    owner.patch(&first, "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
    for conflicts in ["refuse", "skip"] {
        let reply = apply(owner, &undo, conflicts).await.problem(409, "undo_outdated");
        assert_eq!(reply.pointers(), [first.as_str()]);
    }
    owner.get(&second).await.expect(200);
    apply(owner, &preview(owner, &member).await, "skip").await.expect(200);
    owner.get(&first).await.expect(200);
    owner.get(&second).await.problem(404, "not_found");
}

/// What the preview could not know the database refuses, and nothing is done.
#[tokio::test]
async fn the_database_has_the_last_word() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (path, id) = contact(&member, "Babbage").await;
    let (other, _) = contact(&member, "Lovelace").await;
    let undo = preview(owner, &member).await;
    owner.post("/clinic/patients", patient(&id, "P-1")).await.expect(201);
    apply(owner, &undo, "skip").await.problem(409, "undo_refused");
    owner.get(&path).await.expect(200);
    owner.get(&other).await.expect(200);

    // A name is needed, and each of two people has taken one away.
    let made = owner.post("/contacts", json!({ "first_name": "Ada" })).await.expect(201);
    let path = format!("/contacts/{}", made.id());
    member.patch(&path, "\"1\"", json!({ "last_name": "Lovelace" })).await.expect(200);
    owner.patch(&path, "\"2\"", json!({ "first_name": null })).await.expect(200);
    let mut body = all_of(&me(&member).await);
    body["records"] = json!([made.id()]);
    let undo = owner.post("/undos", body).await.expect(201).body;
    apply(owner, &undo, "refuse").await.problem(409, "undo_refused");
}

/// A preview is good for a day.
#[tokio::test]
async fn a_preview_grows_old() {
    let (platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    contact(&member, "Babbage").await;
    let undo = preview(owner, &member).await;
    let database = crate::support::superuser_in(&platform, &acme).await;
    database.execute("UPDATE undos SET created_at = now() - interval '25 hours'", &[]).await.unwrap();
    apply(owner, &undo, "refuse").await.problem(409, "undo_expired");
}

/// Of two who apply the same undo at once, one does; and whoever edits at the same moment is not run over.
#[tokio::test]
async fn it_is_applied_once() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    for round in 0..crate::support::rounds(5) {
        let (path, id) = contact(owner, "Babbage").await;
        member.patch(&path, "\"1\"", json!({ "phone": "+4315885801" })).await.expect(200);
        let mut body = all_of(&me(&member).await);
        body["records"] = json!([id]);
        let undo = owner.post("/undos", body).await.expect(201).body;
        let edit = owner.patch(&path, "\"2\"", json!({ "company": "Royal Society" }));
        let (first, second, edit) = tokio::join!(apply(owner, &undo, "refuse"), apply(owner, &undo, "refuse"), edit);
        let applied = [&first, &second].iter().filter(|reply| reply.status == 200).count();
        let now = owner.get(&path).await.expect(200).body;
        match (applied, edit.status.as_u16()) {
            (1, 412) => assert_eq!((&now["phone"], &now["company"]), (&Value::Null, &json!("Analytical Engines"))),
            (0, 200) => assert_eq!((&now["phone"], &now["company"]), (&json!("+4315885801"), &json!("Royal Society"))),
            other => panic!("round {round}: {other:?} {} {} {}", first.text, second.text, edit.text),
        }
    }
}

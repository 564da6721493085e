//! Who may merge: whoever may write such records, and reaches all of them.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::{contact, merge_of, undo};
use crate::audit::acme;

const CLERK: [&str; 3] = ["merges.write", "contacts.read", "contacts.write"];

#[tokio::test]
async fn it_takes_the_rights_of_the_records() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (keep, merged) =
        (contact(owner, json!({ "last_name": "One" })).await, contact(owner, json!({ "last_name": "Two" })).await);
    acme.viewer().await.post("/merges", merge_of(&keep, &[&merged])).await.problem(403, "forbidden");
    for lacking in CLERK {
        let some: Vec<&str> = CLERK.into_iter().filter(|name| *name != lacking).collect();
        let half = acme.with_permissions(&some).await;
        for path in ["/merges", "/merges/preview"] {
            half.post(path, merge_of(&keep, &[&merged])).await.problem(403, "forbidden");
        }
    }
    let made = owner.post("/merges", merge_of(&keep, &[&merged])).await.expect(201).body;
    let reader = acme.with_permissions(&["merges.write", "contacts.read"]).await;
    undo(&reader, &made).await.problem(403, "forbidden");
    undo(&acme.with_permissions(&CLERK).await, &made).await.expect(200);
}

/// What stands in the way of an undo is named as far as the caller may see it.
#[tokio::test]
async fn conflicts_do_not_tell_of_hidden_records() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (keep, merged) =
        (contact(owner, json!({ "last_name": "One" })).await, contact(owner, json!({ "last_name": "Two" })).await);
    let deal = owner.post("/deals", json!({ "title": "Engine", "contact_id": merged })).await.expect(201);
    let made = owner.post("/merges", merge_of(&keep, &[&merged])).await.expect(201).body;
    let path = deal.header("location");
    let etag = owner.get(path).await.expect(200).header("etag").to_owned();
    owner.patch(path, &etag, json!({ "contact_id": null })).await.expect(200);
    let refused = undo(&acme.with_permissions(&CLERK).await, &made).await.problem(409, "undo_conflicts");
    assert!(refused.pointers().is_empty(), "{}", refused.text);
    let refused = undo(owner, &made).await.problem(409, "undo_conflicts");
    assert_eq!(refused.pointers(), [format!("/deals/{}", deal.id())]);
}

/// A record of another owner does not exist for a role for one's own, whichever of the two it is; nor does its merge.
#[tokio::test]
async fn all_of_them_have_to_be_in_reach() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let clerk = acme.with_scope(&CLERK, RecordScope::Own).await;
    let (mine, mine_too) =
        (contact(&clerk, json!({ "last_name": "A" })).await, contact(&clerk, json!({ "last_name": "B" })).await);
    let (theirs, theirs_too) =
        (contact(owner, json!({ "last_name": "C" })).await, contact(owner, json!({ "last_name": "D" })).await);
    for path in ["/merges", "/merges/preview"] {
        let reply = clerk.post(path, merge_of(&mine, &[&theirs])).await.problem(404, "not_found");
        assert_eq!(reply.pointers(), ["/merge/0"]);
        let reply = clerk.post(path, merge_of(&theirs, &[&mine])).await.problem(404, "not_found");
        assert_eq!(reply.pointers(), ["/keep"]);
    }
    let both = owner.post("/merges", merge_of(&theirs, &[&theirs_too, &mine_too])).await.expect(201).body;
    undo(&clerk, &both).await.problem(404, "not_found");
    undo(owner, &both).await.expect(200);
    let into_theirs = owner.post("/merges", merge_of(&theirs, &[&mine_too])).await.expect(201).body;
    undo(&clerk, &into_theirs).await.problem(404, "not_found");
    undo(owner, &into_theirs).await.expect(200);
    let own = clerk.post("/merges", merge_of(&mine, &[&mine_too])).await.expect(201).body;
    let globex = platform.organization("Globex").await;
    undo(globex.owner(), &own).await.problem(404, "not_found");
    undo(&clerk, &own).await.expect(200);
}

/// For 30 days, like everything that was deleted.
#[tokio::test]
async fn a_merge_grows_old() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let (keep, merged) =
        (contact(owner, json!({ "last_name": "One" })).await, contact(owner, json!({ "last_name": "Two" })).await);
    let made = owner.post("/merges", merge_of(&keep, &[&merged])).await.expect(201).body;
    let database = crate::support::superuser_in(&platform, &acme).await;
    database.execute("UPDATE journal SET at = at - interval '31 days'", &[]).await.unwrap();
    undo(owner, &made).await.problem(404, "not_found");
}

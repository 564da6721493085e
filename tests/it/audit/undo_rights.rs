//! Who may undo what: nobody more than they could do by hand.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::undo::{acme, all_of, apply, contact, me, preview, records};

/// It takes its own permission and all those of the records; what one may not see is not even counted.
#[tokio::test]
async fn nobody_undoes_more_than_they_could_do_by_hand() {
    let (_platform, acme) = acme().await;
    let member = acme.member().await;
    contact(&member, "Babbage").await;
    let user = me(&member).await;
    member.post("/undos", all_of(&user)).await.problem(403, "forbidden");
    let undo = preview(acme.owner(), &member).await;
    member
        .post(&format!("/undos/{}/apply", undo["id"].as_str().unwrap()), json!({ "conflicts": "skip" }))
        .await
        .problem(403, "forbidden");

    let blind = acme.with_permissions(&["audit.read", "audit.undo"]).await;
    let seen = preview(&blind, &member).await;
    assert_eq!(seen["count"], 0);
    assert!(!seen["left_out"].to_string().contains("contacts"), "{seen}");
    assert!(records(&blind, &undo).await.is_empty(), "records that one may not see");
    apply(&blind, &undo, "refuse").await.problem(403, "forbidden");

    for lacking in ["contacts.write", "contacts.assign"] {
        let mut permissions = vec!["audit.read", "audit.undo", "contacts.read", "contacts.write", "contacts.assign"];
        permissions.retain(|name| *name != lacking);
        let half = acme.with_permissions(&permissions).await;
        let seen = preview(&half, &member).await;
        assert_eq!(seen["count"], 0);
        let left_out = json!({ "resource": "contacts", "count": 1, "reason": "permission_missing" });
        assert!(seen["left_out"].as_array().unwrap().contains(&left_out), "{seen}");
        apply(&half, &undo, "refuse").await.problem(403, "forbidden");
    }
    let all = ["audit.undo", "contacts.read", "contacts.write", "contacts.assign"];
    let whole = acme.with_permissions(&all).await;
    let seen = preview(&whole, &member).await;
    assert_eq!(seen["count"], 1);
    apply(&whole, &seen, "refuse").await.expect(200);
}

/// It is about all records, so no role for some of them has it.
#[tokio::test]
async fn it_takes_a_role_for_all_records() {
    let (_platform, acme) = acme().await;
    let role = json!({ "name": "Undoer", "permissions": ["audit.undo"], "scope": RecordScope::Own });
    assert_eq!(acme.owner().post("/roles", role).await.problem(422, "invalid").pointers(), ["/scope"]);
}

/// What a disabled module keeps is out of reach by hand, and so it is here.
#[tokio::test]
async fn what_a_disabled_module_keeps_stays() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let house = json!({
        "type": "house", "status": "active", "price": "100.00", "currency": "EUR",
        "street": "A 1", "city": "Vienna", "country": "AT",
    });
    let made = member.post("/real-estate/properties", house).await.expect(201);
    let undo = preview(owner, &member).await;
    assert_eq!(undo["count"], 1);
    owner.delete("/modules/real-estate").await.expect(204);
    apply(owner, &undo, "refuse").await.problem(409, "module_disabled");
    let now = preview(owner, &member).await;
    assert_eq!(now["count"], 0);
    assert!(now["left_out"].to_string().contains("module_disabled"), "{now}");
    owner.put("/modules/real-estate").await.expect(200);
    apply(owner, &undo, "refuse").await.expect(200);
    owner.get(&format!("/real-estate/properties/{}", made.id())).await.problem(404, "not_found");
}

/// Another organization's undo does not exist here, and its people have done nothing here.
#[tokio::test]
async fn an_organization_undoes_its_own() {
    let (platform, acme) = acme().await;
    let globex = platform.organization("Globex").await;
    let member = acme.member().await;
    let (path, _) = contact(&member, "Babbage").await;
    let undo = preview(acme.owner(), &member).await;
    let id = undo["id"].as_str().unwrap();
    let stranger = globex.owner();
    stranger.get(&format!("/undos/{id}")).await.problem(404, "not_found");
    stranger.get(&format!("/undos/{id}/records")).await.problem(404, "not_found");
    apply(stranger, &undo, "refuse").await.problem(404, "not_found");
    stranger.post("/undos", all_of(&me(&member).await)).await.problem(404, "not_found");
    acme.owner().get(&path).await.expect(200);
}

/// A key may undo with the permissions that it has, and its own deeds are its maker's.
#[tokio::test]
async fn what_a_key_did_is_its_makers() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let scopes = json!({ "name": "Import", "scopes": ["contacts.write"] });
    let key = owner.post("/api-keys", scopes).await.expect(201).body["key"].as_str().unwrap().to_owned();
    let (path, _) = contact(&platform.client(&key), "Babbage").await;
    let undo = preview(owner, owner).await;
    assert_eq!(undo["count"], 1);
    apply(owner, &undo, "refuse").await.expect(200);
    owner.get(&path).await.problem(404, "not_found");
}

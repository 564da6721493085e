//! Whose deleted records a role for some records sees: those that it reached when they were there.

use tenantry_core::permission::RecordScope;
use tenantry_core::testing::{TestClient, TestOrganization};

use super::{deleted_contact, of, patient, restore, titles, trash};
use crate::audit::{acme, me};
use serde_json::json;

const PERMISSIONS: [&str; 6] =
    ["trash.read", "trash.write", "contacts.read", "contacts.write", "patients.read", "patients.write"];

async fn clerk(acme: &TestOrganization, scope: RecordScope) -> TestClient {
    acme.with_scope(&PERMISSIONS, scope).await
}

/// One's own, whoever deleted it, and nobody else's.
#[tokio::test]
async fn own_sees_ones_own() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (clerk, other) = (clerk(&acme, RecordScope::Own).await, clerk(&acme, RecordScope::Own).await);
    let mine = deleted_contact(&clerk, "Mine").await;
    let made = clerk.post("/contacts", json!({ "last_name": "By the boss" })).await.expect(201);
    owner.delete(&format!("/contacts/{}", made.id())).await.expect(204);
    let theirs = deleted_contact(owner, "The boss's").await;

    assert_eq!(titles(&clerk).await, ["By the boss", "Mine"]);
    assert!(trash(&other).await.is_empty());
    let hidden = of(owner, &theirs).await;
    restore(&clerk, &hidden["id"]).await.problem(404, "not_found");
    restore(&other, &of(owner, &mine).await["id"]).await.problem(404, "not_found");
    restore(&clerk, &of(&clerk, &mine).await["id"]).await.expect(200);
    restore(&clerk, &of(&clerk, made.id()).await["id"]).await.expect(200);
    clerk.get(&format!("/contacts/{}", made.id())).await.expect(200);
}

/// A part of a record is whose that is, also where that is gone too.
#[tokio::test]
async fn a_part_is_whose_the_whole_is() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (clerk, other) = (clerk(&acme, RecordScope::Own).await, clerk(&acme, RecordScope::Own).await);
    let contact = clerk.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let made = clerk.post("/clinic/patients", patient(contact.id(), "P-1")).await.expect(201);
    owner.delete(&format!("/clinic/patients/{}", made.id())).await.expect(204);
    assert_eq!((titles(&clerk).await, titles(&other).await), (vec!["P-1".to_owned()], Vec::new()));
    owner.delete(&format!("/contacts/{}", contact.id())).await.expect(204);
    assert_eq!((titles(&clerk).await, titles(&other).await.len()), (vec!["Lovelace".to_owned(), "P-1".to_owned()], 0));
    let item = of(owner, made.id()).await;
    restore(&other, &item["id"]).await.problem(404, "not_found");
    restore(&clerk, &of(&clerk, contact.id()).await["id"]).await.expect(200);
    restore(&clerk, &item["id"]).await.expect(200);
    clerk.get(&format!("/clinic/patients/{}", made.id())).await.expect(200);
}

/// The team's, for as long as one is in it.
#[tokio::test]
async fn a_team_sees_the_teams() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (one, two) = (clerk(&acme, RecordScope::Team).await, clerk(&acme, RecordScope::Team).await);
    let id = deleted_contact(&one, "Babbage").await;
    let item = of(&one, &id).await;
    assert!(trash(&two).await.is_empty());
    restore(&two, &item["id"]).await.problem(404, "not_found");
    let team = owner.post("/teams", json!({ "name": "North" })).await.expect(201);
    for member in [&one, &two] {
        owner.put(&format!("/teams/{}/members/{}", team.id(), me(member).await)).await.expect(204);
    }
    assert_eq!(titles(&two).await, ["Babbage"]);
    restore(&two, &item["id"]).await.expect(200);
}

//! `POST /merges` and `/merges/preview`: what becomes of the records and of what refers to them.

use serde_json::{Value, json};

use super::{contact, merge_of, patient, undo};
use crate::audit::acme;
use crate::trash::{of, restore, titles};

/// Empty fields are filled, lists united, what refers to a merged record refers to the kept one; the preview says so before.
#[tokio::test]
async fn contacts_become_one() {
    let (_platform, acme) = acme().await;
    let member = acme.member().await;
    let keep = contact(&member, json!({ "last_name": "Lovelace", "email": "ada@example.com", "tags": ["math"] })).await;
    let body = json!({
        "first_name": "Ada", "last_name": "King", "email": "countess@example.com", "phone": "+431234567", "tags": ["noble", "math"],
    });
    let merged = contact(&member, body).await;
    let patient = patient(&member, &merged, "P-1").await;
    let mill = member.post("/companies", json!({ "name": "Mill" })).await.expect(201).id().to_owned();
    let shop = member.post("/companies", json!({ "name": "Shop" })).await.expect(201).id().to_owned();
    for (contact, company) in [(&keep, &mill), (&merged, &mill), (&merged, &shop)] {
        let put = json!({ "title": contact, "is_primary": contact == &merged });
        member.put_json(&format!("/contacts/{contact}/companies/{company}"), put).await.expect(200);
    }
    let mut body = merge_of(&keep, &[&merged]);
    body["fields"] = json!({ "last_name": merged });
    let preview = member.post("/merges/preview", body.clone()).await.expect(200).body;
    assert_eq!(preview["conflicts"], json!([]));
    let fields: Vec<&str> =
        preview["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(fields, ["first_name", "last_name", "phone", "emails", "tags", "primary_company_id"]);
    let mut moved: Vec<&Value> = preview["moved"].as_array().unwrap().iter().collect();
    moved.sort_by_key(|kind| kind["resource"].to_string());
    assert_eq!(
        json!(moved),
        json!([
            { "resource": "patients", "count": 1, "dropped": 0 },
            { "resource": "positions", "count": 1, "dropped": 1 },
        ])
    );
    let before = member.get(&format!("/contacts/{keep}")).await.expect(200);
    assert_eq!(before.body["first_name"], Value::Null, "a preview has changed something");

    body["versions"] = preview["versions"].clone();
    let made = member.post("/merges", body).await.expect(201).body;
    assert_eq!(made["merged"], json!([merged]));
    member.get(&format!("/contacts/{merged}")).await.problem(404, "not_found");
    let now = member.get(&format!("/contacts/{keep}")).await.expect(200);
    for (field, value) in [
        ("first_name", json!("Ada")),
        ("last_name", json!("King")),
        ("email", json!("ada@example.com")),
        ("phone", json!("+431234567")),
        ("emails", json!([{ "label": null, "email": "countess@example.com" }])),
        ("tags", json!(["math", "noble"])),
        ("primary_company_id", json!(shop)),
    ] {
        assert_eq!(now.body[field], value, "{field}");
    }
    assert_ne!(now.header("etag"), before.header("etag"));
    assert_eq!(member.get(&format!("/clinic/patients/{patient}")).await.expect(200).body["contact_id"], json!(keep));
    let at = member.get(&format!("/contacts/{keep}/companies")).await.expect(200);
    let mut names = at.column("company_name");
    names.sort_unstable();
    assert_eq!(names, ["Mill", "Shop"]);
    assert_eq!(titles(&member).await, ["Ada King"]);
}

/// One click takes all of it back, once; and what was changed since is not run over.
#[tokio::test]
async fn a_merge_is_undone() {
    let (_platform, acme) = acme().await;
    let member = acme.member().await;
    let keep = contact(&member, json!({ "last_name": "Lovelace" })).await;
    let merged = contact(&member, json!({ "last_name": "King", "phone": "+431234567" })).await;
    let patient = patient(&member, &merged, "P-1").await;
    let made = member.post("/merges", merge_of(&keep, &[&merged])).await.expect(201).body;
    let path = format!("/contacts/{keep}");
    let etag = member.get(&path).await.expect(200).header("etag").to_owned();
    member.patch(&path, &etag, json!({ "phone": "+439999999" })).await.expect(200);
    let refused = undo(&member, &made).await.problem(409, "undo_conflicts");
    assert_eq!(refused.pointers(), [path.as_str()]);
    let etag = member.get(&path).await.expect(200).header("etag").to_owned();
    member.patch(&path, &etag, json!({ "phone": null })).await.expect(200);

    let undone = undo(&member, &made).await.expect(200).body;
    assert_eq!((&undone["record"], &undone["restored"]), (&json!(merged), &json!(2)));
    assert_eq!(member.get(&path).await.expect(200).body["phone"], Value::Null);
    assert_eq!(member.get(&format!("/contacts/{merged}")).await.expect(200).body["phone"], "+431234567");
    assert_eq!(member.get(&format!("/clinic/patients/{patient}")).await.expect(200).body["contact_id"], json!(merged));
    undo(&member, &made).await.problem(409, "merge_undone");
}

/// Two patients are two people until somebody says otherwise.
#[tokio::test]
async fn what_cannot_be_one_is_named() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let keep = contact(owner, json!({ "last_name": "Lovelace" })).await;
    let merged = contact(owner, json!({ "last_name": "King" })).await;
    patient(owner, &keep, "P-1").await;
    let second = patient(owner, &merged, "P-2").await;
    let preview = owner.post("/merges/preview", merge_of(&keep, &[&merged])).await.expect(200).body;
    assert_eq!(preview["conflicts"], json!([{ "resource": "patients", "field": null }]));
    let refused = owner.post("/merges", merge_of(&keep, &[&merged])).await.problem(409, "merge_conflicts");
    assert_eq!(refused.pointers(), ["/patients"]);
    let blind = acme.with_permissions(&["merges.write", "contacts.read", "contacts.write"]).await;
    let refused = blind.post("/merges", merge_of(&keep, &[&merged])).await.problem(409, "merge_conflicts");
    assert!(!refused.text.contains("patient"), "{}", refused.text);
    owner.delete(&format!("/clinic/patients/{second}")).await.expect(204);
    owner.post("/merges", merge_of(&keep, &[&merged])).await.expect(201);
}

/// Companies too, with the people who work there.
#[tokio::test]
async fn companies_become_one() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let company =
        async |name: &str| owner.post("/companies", json!({ "name": name })).await.expect(201).id().to_owned();
    let (keep, merged) = (company("Mill").await, company("Mill Ltd").await);
    let (ada, mary) =
        (contact(owner, json!({ "last_name": "Ada" })).await, contact(owner, json!({ "last_name": "Mary" })).await);
    for (contact, company) in [(&ada, &keep), (&ada, &merged), (&mary, &merged)] {
        let put = json!({ "is_primary": company == &merged });
        owner.put_json(&format!("/contacts/{contact}/companies/{company}"), put).await.expect(200);
    }
    let body = json!({ "resource": "companies", "keep": keep, "merge": [merged] });
    let made = owner.post("/merges", body).await.expect(201).body;
    let first = async |contact: &str| {
        owner.get(&format!("/contacts/{contact}")).await.expect(200).body["primary_company_id"].clone()
    };
    assert_eq!((first(&ada).await, first(&mary).await), (json!(keep), json!(keep)));
    assert_eq!(owner.get(&format!("/companies/{keep}/contacts")).await.expect(200).items().len(), 2);
    undo(owner, &made).await.expect(200);
    assert_eq!((first(&ada).await, first(&mary).await), (json!(merged), json!(merged)));
    assert_eq!(owner.get(&format!("/companies/{merged}/contacts")).await.expect(200).items().len(), 2);
}

/// What is asked for is looked at before anything is done.
#[tokio::test]
async fn what_is_asked_for_has_bounds() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (one, two) =
        (contact(owner, json!({ "last_name": "One" })).await, contact(owner, json!({ "last_name": "Two" })).await);
    let with = |field: &str, value: Value| {
        let mut body = merge_of(&one, &[&two]);
        body[field] = value;
        body
    };
    let many: Vec<String> = (0..11).map(|_| uuid::Uuid::new_v4().to_string()).collect();
    for (field, value, pointer) in [
        ("merge", json!([]), "/merge"),
        ("merge", json!(many), "/merge"),
        ("merge", json!([two, two]), "/merge/1"),
        ("merge", json!([one]), "/merge/0"),
        ("resource", json!("patients"), "/resource"),
        ("fields", json!({ "id": two }), "/fields/id"),
        ("fields", json!({ "owner_id": two }), "/fields/owner_id"),
        ("fields", json!({ "email": uuid::Uuid::new_v4() }), "/fields/email"),
    ] {
        for path in ["/merges", "/merges/preview"] {
            let refused = owner.post(path, with(field, value.clone())).await.problem(422, "invalid");
            assert_eq!(refused.pointers(), [pointer], "{path} {field}");
        }
    }
    let stale = with("versions", json!({ (two.clone()): 7 }));
    owner.post("/merges", stale).await.problem(412, "stale_version");
    let tags = |start: usize| (start..start + 30).map(|n| n.to_string()).collect::<Vec<_>>();
    let full = contact(owner, json!({ "last_name": "Full", "tags": tags(0) })).await;
    let fuller = contact(owner, json!({ "last_name": "Fuller", "tags": tags(30) })).await;
    let refused = owner.post("/merges", merge_of(&full, &[&fuller])).await.problem(409, "merge_conflicts");
    assert_eq!(refused.pointers(), ["/fields/tags"]);
}

/// Of two merges of the same record at once one is done.
#[tokio::test]
async fn a_record_is_merged_once() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for _ in 0..crate::support::rounds(3) {
        let mut ids = Vec::new();
        for name in ["One", "Two", "Three"] {
            ids.push(contact(owner, json!({ "last_name": name })).await);
        }
        let (first, second) = (merge_of(&ids[0], &[&ids[2]]), merge_of(&ids[1], &[&ids[2]]));
        let (first, second) = tokio::join!(owner.post("/merges", first), owner.post("/merges", second));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 404], "{} {}", first.text, second.text);
    }
}

/// A merged record that was restored alone is there; the rest stays with the kept one.
#[tokio::test]
async fn a_merged_record_is_in_the_trash_too() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let keep = contact(owner, json!({ "last_name": "Lovelace" })).await;
    let merged = contact(owner, json!({ "last_name": "King" })).await;
    let patient = patient(owner, &merged, "P-1").await;
    let made = owner.post("/merges", merge_of(&keep, &[&merged])).await.expect(201).body;
    restore(owner, &of(owner, &merged).await["id"]).await.expect(200);
    assert_eq!(owner.get(&format!("/clinic/patients/{patient}")).await.expect(200).body["contact_id"], json!(keep));
    undo(owner, &made).await.problem(409, "merged_record_back");
}

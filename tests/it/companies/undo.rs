//! Companies and positions in the audit, as events, and undone.

use serde_json::{Value, json};

use super::{company, id};
use crate::audit::undo::{apply, contact, preview, records};
use crate::platform;
use crate::trash;

/// A company that somebody deleted comes back with the people who worked there, and those name it first again.
#[tokio::test]
async fn a_deleted_company_comes_back_with_its_people() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let mill = company(owner, "Mill").await;
    let ((ada, _), (mary, _)) = (contact(owner, "Lovelace").await, contact(owner, "Somerville").await);
    for (person, is_primary) in [(&ada, true), (&mary, false)] {
        let put = json!({ "title": "Miller", "is_primary": is_primary });
        owner.put_json(&format!("{person}/companies/{}", id(&mill)), put).await.expect(200);
    }
    let people = owner.get(&format!("{mill}/contacts")).await.expect(200);
    member.delete(&mill).await.expect(204);
    assert_eq!(owner.get(&ada).await.expect(200).body["primary_company_id"], Value::Null);

    let undo = preview(owner, &member).await;
    assert_eq!((&undo["count"], &undo["conflicts"]), (&json!(4), &json!(0)), "{undo}");
    apply(owner, &undo, "refuse").await.expect(200);
    assert_eq!(owner.get(&mill).await.expect(200).body["name"], "Mill");
    let again = owner.get(&format!("{mill}/contacts")).await.expect(200);
    let key =
        |item: &Value| [&item["id"], &item["contact_name"], &item["title"], &item["is_primary"]].map(Value::clone);
    assert_eq!(again.items().iter().map(key).collect::<Vec<_>>(), people.items().iter().map(key).collect::<Vec<_>>());
    assert_eq!(owner.get(&ada).await.expect(200).body["primary_company_id"], json!(id(&mill)));
}

/// The trash has the company once, and brings back with it who worked there and who named it first.
#[tokio::test]
async fn the_trash_restores_it_whole() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let mill = company(owner, "Mill").await;
    let (ada, _) = contact(owner, "Lovelace").await;
    let place = format!("{ada}/companies/{}", id(&mill));
    owner.put_json(&place, json!({ "title": "Miller", "is_primary": true })).await.expect(200);
    owner.delete(&mill).await.expect(204);
    assert_eq!(trash::titles(owner).await, ["Mill"]);
    let item = trash::of(owner, id(&mill)).await;
    trash::restore(owner, &item["id"]).await.expect(200);
    let at = owner.get(&format!("{ada}/companies")).await.expect(200);
    assert_eq!((&at.items()[0]["title"], &at.items()[0]["is_primary"]), (&json!("Miller"), &json!(true)));
    owner.delete(&ada).await.expect(204);
    let item = trash::of(owner, id(&ada)).await;
    trash::restore(owner, &item["id"]).await.expect(200);
    assert_eq!(owner.get(&format!("{mill}/contacts")).await.expect(200).items()[0]["is_primary"], true);
}

/// Who has named another company first since keeps that one; the rest comes back all the same.
#[tokio::test]
async fn what_was_named_first_since_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (mill, shop) = (company(owner, "Mill").await, company(owner, "Shop").await);
    let (ada, _) = contact(owner, "Lovelace").await;
    let first = json!({ "is_primary": true });
    owner.put_json(&format!("{ada}/companies/{}", id(&mill)), first.clone()).await.expect(200);
    member.delete(&mill).await.expect(204);
    owner.put_json(&format!("{ada}/companies/{}", id(&shop)), first).await.expect(200);
    let undo = preview(owner, &member).await;
    assert_eq!(undo["conflicts"], 1, "{undo}");
    apply(owner, &undo, "skip").await.expect(200);
    let at = owner.get(&format!("{ada}/companies?sort=created_at")).await.expect(200);
    let mut names = at.column("company_name");
    names.sort_unstable();
    assert_eq!(names, ["Mill", "Shop"]);
    assert_eq!(owner.get(&ada).await.expect(200).body["primary_company_id"], json!(id(&shop)));
}

/// What somebody made goes: the company, who works there, and that it was named first.
#[tokio::test]
async fn what_was_made_goes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (ada, _) = contact(owner, "Lovelace").await;
    let mill = company(&member, "Mill").await;
    let place = format!("{ada}/companies/{}", id(&mill));
    member.put_json(&place, json!({ "is_primary": true })).await.expect(200);
    member.patch(&mill, "\"1\"", json!({ "tags": ["x"], "addresses": [{ "city": "Wien" }] })).await.expect(200);
    let undo = preview(owner, &member).await;
    let actions: Vec<String> = records(owner, &undo)
        .await
        .iter()
        .map(|record| format!("{} {}", record["action"].as_str().unwrap(), record["resource"].as_str().unwrap()))
        .collect();
    assert_eq!(actions.len(), 3, "{actions:?}");
    apply(owner, &undo, "refuse").await.expect(200);
    owner.get(&mill).await.problem(404, "not_found");
    assert_eq!(owner.get(&ada).await.expect(200).body["primary_company_id"], Value::Null);
    assert!(owner.get(&format!("{ada}/companies")).await.expect(200).items().is_empty());

    platform.seal().await;
    let told = owner.get("/events?limit=200").await.expect(200);
    let types = told.column("type");
    for kind in ["company.created", "company.updated", "company.deleted", "position.created", "contact.updated"] {
        assert!(types.contains(&kind), "{kind}: {types:?}");
    }
}

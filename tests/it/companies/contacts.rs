//! `/api/v1/contacts/{id}/companies` and `/api/v1/companies/{id}/contacts`: who works where.

use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::{company, id};
use crate::platform;

/// Putting a position makes it, then changes it, and never makes a second; deleting it takes it away.
#[tokio::test]
async fn a_position_is_put_changed_and_deleted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let (mill, shop) = (company(&member, "Mill").await, company(&member, "Shop").await);
    let ada = member.post("/contacts", json!({ "first_name": "Ada", "last_name": "Lovelace" })).await.expect(201);
    let ada = ada.header("location").to_owned();
    let place = format!("{ada}/companies/{}", id(&mill));
    let made = member.put_json(&place, json!({ "title": "Engineer" })).await.expect(200);
    for (field, value) in [
        ("contact_id", json!(id(&ada))),
        ("contact_name", json!("Lovelace Ada")),
        ("company_id", json!(id(&mill))),
        ("company_name", json!("Mill")),
        ("title", json!("Engineer")),
        ("is_primary", json!(false)),
    ] {
        assert_eq!(made.body[field], value, "{field}");
    }
    let again = member.put_json(&place, json!({ "title": "Engineer" })).await.expect(200);
    assert_eq!(again.body, made.body);
    let changed = member.put_json(&place, json!({ "title": "Director" })).await.expect(200);
    assert_eq!((&changed.body["id"], &changed.body["title"]), (&made.body["id"], &json!("Director")));
    member.put_json(&format!("{ada}/companies/{}", id(&shop)), json!({})).await.expect(200);

    let at = member.get(&format!("{ada}/companies")).await.expect(200);
    assert_eq!(at.column("company_name"), ["Mill", "Shop"]);
    assert_eq!(at.items()[0], changed.body);
    let page = member.get(&format!("{ada}/companies?limit=1&sort=-created_at")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let next = member.get(&format!("{ada}/companies?limit=1&sort=-created_at&cursor={cursor}")).await.expect(200);
    assert_eq!((page.column("company_name"), next.column("company_name")), (vec!["Shop"], vec!["Mill"]));

    member.delete(&place).await.expect(204);
    member.delete(&place).await.problem(404, "not_found");
    assert!(member.get(&format!("{mill}/contacts")).await.expect(200).items().is_empty());
    let viewer = acme.viewer().await;
    viewer.put_json(&place, json!({})).await.problem(403, "forbidden");
    viewer.delete(&place).await.problem(403, "forbidden");
    assert_eq!(viewer.get(&format!("{shop}/contacts")).await.expect(200).column("contact_name"), ["Lovelace Ada"]);
    for wrong in [json!({ "title": "" }), json!({ "is_primary": null }), json!({ "company_id": "x" })] {
        member.put_json(&place, wrong).await.problem(422, "invalid");
    }
}

/// There is one company to name first: the contact tells which, and naming another takes it from the one before.
#[tokio::test]
async fn one_company_comes_first() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (mill, shop) = (company(owner, "Mill").await, company(owner, "Shop").await);
    let made = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    assert_eq!(made.body["primary_company_id"], json!(null));
    let ada = made.header("location");
    let put = async |at: &str, is_primary: bool| {
        let put = json!({ "is_primary": is_primary });
        let put = owner.put_json(&format!("{ada}/companies/{}", id(at)), put).await.expect(200);
        assert_eq!(put.body["is_primary"], is_primary);
        let now = owner.get(ada).await.expect(200);
        (now.body["primary_company_id"].clone(), now.header("etag").to_owned())
    };
    assert_eq!(put(&mill, true).await, (json!(id(&mill)), "\"2\"".to_owned()));
    assert_eq!(put(&mill, true).await, (json!(id(&mill)), "\"2\"".to_owned()));
    assert_eq!(put(&shop, false).await, (json!(id(&mill)), "\"2\"".to_owned()));
    assert_eq!(put(&shop, true).await, (json!(id(&shop)), "\"3\"".to_owned()));
    let at = owner.get(&format!("{ada}/companies")).await.expect(200);
    let first: Vec<bool> = at.items().iter().map(|item| item["is_primary"].as_bool().unwrap()).collect();
    assert_eq!(first, [false, true]);
    assert_eq!(put(&mill, false).await, (json!(id(&shop)), "\"3\"".to_owned()));
    assert_eq!(put(&shop, false).await, (json!(null), "\"4\"".to_owned()));
    put(&shop, true).await;
    owner.delete(&format!("{ada}/companies/{}", id(&shop))).await.expect(204);
    assert_eq!(owner.get(ada).await.expect(200).body["primary_company_id"], json!(null));
    // A change of the contact says nothing about it.
    owner.patch(ada, "\"6\"", json!({ "primary_company_id": id(&mill) })).await.problem(422, "invalid");
}

/// Whoever puts at the same time, there is one position at each company and one that comes first.
#[tokio::test]
async fn many_at_once_leave_one_first() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let ada = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let ada = ada.header("location");
    let places = join_all((0..4).map(|n| company(owner, if n % 2 == 0 { "Mill" } else { "Shop" }))).await;
    let puts = (0..20).map(|n| {
        let place = format!("{ada}/companies/{}", id(&places[n % 4]));
        async move { owner.put_json(&place, json!({ "title": n.to_string(), "is_primary": true })).await.status }
    });
    let statuses = join_all(puts).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let at = owner.get(&format!("{ada}/companies")).await.expect(200);
    assert_eq!(at.items().len(), 4);
    let first: Vec<_> = at.items().iter().filter(|item| item["is_primary"] == true).collect();
    assert_eq!(first.len(), 1);
    assert_eq!(owner.get(ada).await.expect(200).body["primary_company_id"], first[0]["company_id"]);
}

/// Another organization's contacts and companies are as those that never existed.
#[tokio::test]
async fn nobody_works_in_another_organization() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let (ours, theirs) = (company(acme.owner(), "Ours").await, company(hill.owner(), "Theirs").await);
    let ada = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let eve = hill.owner().post("/contacts", json!({ "last_name": "Eve" })).await.expect(201);
    let nobody = Uuid::new_v4().to_string();
    for (contact, company) in
        [(ada.id(), id(&theirs)), (ada.id(), nobody.as_str()), (eve.id(), id(&ours)), (nobody.as_str(), id(&ours))]
    {
        let place = format!("/contacts/{contact}/companies/{company}");
        acme.owner().put_json(&place, json!({ "is_primary": true })).await.problem(404, "not_found");
        acme.owner().delete(&place).await.problem(404, "not_found");
    }
    acme.owner().get(&format!("{theirs}/contacts")).await.problem(404, "not_found");
    acme.owner().get(&format!("/contacts/{}/companies", eve.id())).await.problem(404, "not_found");
    assert!(hill.owner().get(&format!("{theirs}/contacts")).await.expect(200).items().is_empty());
}

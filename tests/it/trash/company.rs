//! What goes because of a record comes back with it.

use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use super::{of, restore, titles, trash};
use crate::audit::acme;

/// A company, a contact that works there and names it first, and a deal with it.
async fn mill(by: &TestClient) -> (String, String, String) {
    let made = async |path: &str, body: Value| by.post(path, body).await.expect(201).id().to_owned();
    let mill = made("/companies", json!({ "name": "Mill" })).await;
    let ada = made("/contacts", json!({ "last_name": "Ada" })).await;
    let put = json!({ "title": "Miller", "is_primary": true });
    by.put_json(&format!("/contacts/{ada}/companies/{mill}"), put).await.expect(200);
    let deal = made("/deals", json!({ "title": "Flour", "company_id": mill })).await;
    (mill, ada, deal)
}

/// Who works there is deleted with it, who names it is unlinked; all of that is one thing in the trash, and comes back.
#[tokio::test]
async fn what_went_with_it_comes_back() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    let (mill, ada, deal) = mill(owner).await;
    member.delete(&format!("/companies/{mill}")).await.expect(204);
    assert_eq!(titles(owner).await, ["Mill"]);
    let item = of(&member, &mill).await;
    assert_eq!(item["went_with_it"], 3);
    // Who may not see deals does not learn that there was one.
    let some = acme.with_permissions(&["trash.read", "companies.read", "contacts.read"]).await;
    assert_eq!(of(&some, &mill).await["went_with_it"], 2);

    let back = restore(&member, &item["id"]).await.expect(200).body;
    assert_eq!((&back["restored"], &back["left_out"]), (&json!(4), &json!(0)));
    assert_eq!(owner.get(&format!("/contacts/{ada}")).await.expect(200).body["primary_company_id"], json!(mill));
    assert_eq!(owner.get(&format!("/companies/{mill}/contacts")).await.expect(200).column("title"), ["Miller"]);
    assert_eq!(owner.get(&format!("/deals/{deal}")).await.expect(200).body["company_id"], json!(mill));
}

/// What somebody has set since stays; what has lost another record since is left out, and can be restored after that one.
#[tokio::test]
async fn what_has_changed_since_stays() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let (mill, ada, deal) = mill(owner).await;
    owner.delete(&format!("/companies/{mill}")).await.expect(204);
    let shop = owner.post("/companies", json!({ "name": "Shop" })).await.expect(201).id().to_owned();
    let path = format!("/deals/{deal}");
    let etag = owner.get(&path).await.expect(200).header("etag").to_owned();
    owner.patch(&path, &etag, json!({ "company_id": shop })).await.expect(200);
    owner.delete(&format!("/contacts/{ada}")).await.expect(204);
    assert_eq!(titles(owner).await, ["Ada", "Mill"]);

    let back = restore(owner, &of(owner, &mill).await["id"]).await.expect(200).body;
    assert_eq!((&back["restored"], &back["left_out"]), (&json!(1), &json!(1)));
    assert_eq!(owner.get(&path).await.expect(200).body["company_id"], json!(shop));
    assert_eq!(titles(owner).await, ["Ada", "Miller"]);
    let position = trash(owner).await.into_iter().find(|item| item["title"] == "Miller").unwrap();
    restore(owner, &position["id"]).await.problem(409, "reference_gone");
    restore(owner, &of(owner, &ada).await["id"]).await.expect(200);
    restore(owner, &position["id"]).await.expect(200);
    assert_eq!(owner.get(&format!("/companies/{mill}/contacts")).await.expect(200).column("title"), ["Miller"]);
    assert!(trash(owner).await.is_empty());
}

//! Companies, and who works there, under a role that is for some records only.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::TestClient;
use uuid::Uuid;

use super::{company, id};
use crate::members::user;
use crate::platform;

const ALL: [&str; 4] = ["contacts.read", "contacts.write", "companies.read", "companies.write"];

async fn contact(by: &TestClient, name: &str) -> String {
    by.post("/contacts", json!({ "last_name": name })).await.expect(201).header("location").to_owned()
}

/// Who reaches their own records has others' companies neither for themselves nor for their contacts, and a team has its own.
#[tokio::test]
async fn companies_out_of_reach_are_not_there() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (anna, ben) = (acme.with_scope(&ALL, RecordScope::Own).await, acme.with_scope(&ALL, RecordScope::Team).await);
    let (hers, his) = (company(&anna, "Hers").await, company(&ben, "His").await);
    let theirs = company(acme.owner(), "Theirs").await;
    assert_eq!(anna.get("/companies").await.expect(200).column("name"), ["Hers"]);
    let missing = anna.get(&format!("/companies/{}", Uuid::new_v4())).await.problem(404, "not_found");
    let ada = contact(&anna, "Lovelace").await;
    for path in [&his, &theirs] {
        assert_eq!(anna.get(path).await.text, missing.text);
        assert_eq!(anna.get(&format!("{path}/contacts")).await.text, missing.text);
        assert_eq!(anna.patch(path, "\"1\"", json!({ "name": "X" })).await.text, missing.text);
        assert_eq!(anna.delete(path).await.text, missing.text);
        let place = format!("{ada}/companies/{}", id(path));
        assert_eq!(anna.put_json(&place, json!({})).await.text, missing.text);
        assert_eq!(anna.delete(&place).await.text, missing.text);
    }
    anna.put_json(&format!("{ada}/companies/{}", id(&hers)), json!({})).await.expect(200);
    assert_eq!(ben.get("/companies?sort=name").await.expect(200).column("name"), ["His"]);
    acme.team("Sales", &[&anna, &ben]).await;
    assert_eq!(ben.get("/companies?sort=name").await.expect(200).column("name"), ["Hers", "His"]);
    assert_eq!(ben.get(&format!("{ada}/companies")).await.expect(200).column("company_name"), ["Hers"]);
}

/// Of a contact's companies one sees those in reach, and of a company's people those in reach.
#[tokio::test]
async fn positions_reach_as_far_as_both_sides() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let anna = acme.with_scope(&ALL, RecordScope::Own).await;
    let (hers, theirs) = (company(&anna, "Hers").await, company(owner, "Theirs").await);
    let (ada, mary) = (contact(&anna, "Lovelace").await, contact(owner, "Somerville").await);
    for person in [&ada, &mary] {
        for (at, is_primary) in [(&hers, false), (&theirs, true)] {
            let put = json!({ "is_primary": is_primary });
            owner.put_json(&format!("{person}/companies/{}", id(at)), put).await.expect(200);
        }
    }
    let at = anna.get(&format!("{ada}/companies")).await.expect(200);
    assert_eq!(at.column("company_name"), ["Hers"]);
    assert!(!at.text.contains("Theirs"));
    let people = anna.get(&format!("{hers}/contacts")).await.expect(200);
    assert_eq!(people.column("contact_name"), ["Lovelace"]);
    anna.get(&format!("{mary}/companies")).await.problem(404, "not_found");
    anna.put_json(&format!("{mary}/companies/{}", id(&hers)), json!({})).await.problem(404, "not_found");
    assert_eq!(owner.get(&format!("{hers}/contacts")).await.expect(200).items().len(), 2);
    assert_eq!(owner.get(&format!("{ada}/companies")).await.expect(200).items().len(), 2);
    // A contact that is given away takes its positions with it.
    let give = json!({ "user_id": user(owner).await });
    let give = owner.request(reqwest::Method::PUT, &format!("{ada}/owner")).header("if-match", "\"2\"").json(&give);
    owner.send(give).await.expect(200);
    assert!(anna.get(&format!("{hers}/contacts")).await.expect(200).items().is_empty());
}

//! `POST /api/v1/companies` and `GET /api/v1/companies/{id}`

use serde_json::json;
use uuid::Uuid;

use crate::members::user;
use crate::platform;

/// A member creates a company, which is theirs, and everybody in the organization sees it.
#[tokio::test]
async fn a_member_creates_a_company() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let body = json!({
        "name": "Müller & Söhne", "website": "https://mueller.example/de", "industry": "Joinery", "tax_number": "ATU12345678",
        "email": "Office@Mueller.example", "phone": "+43 1 588-58 01", "tags": [" VIP ", "vip", "Wien"],
        "addresses": [
            { "label": "billing", "street": "Ring 1", "postcode": "1010", "city": "Wien", "region": null, "country": "AT" },
            { "city": "Graz" },
        ],
        "notes": "Pays\nlate.",
    });
    let made = member.post("/companies", body.clone()).await.expect(201);
    assert_eq!(made.header("location"), format!("/api/v1/companies/{}", made.id()));
    assert_eq!(made.header("etag"), "\"1\"");
    for field in ["name", "website", "industry", "tax_number", "email", "notes"] {
        assert_eq!(made.body[field], body[field], "{field}");
    }
    assert_eq!((&made.body["phone"], &made.body["tags"]), (&json!("+4315885801"), &json!(["VIP", "Wien"])));
    assert_eq!(made.body["addresses"][0], body["addresses"][0]);
    assert_eq!(made.body["addresses"][1]["city"], "Graz");
    assert_eq!(made.body["addresses"][1]["street"], json!(null));
    assert_eq!(made.body["owner_id"], json!(user(&member).await));
    let read = acme.viewer().await.get(made.header("location")).await.expect(200);
    assert_eq!((read.body, read.headers["etag"].to_str().unwrap()), (made.body, "\"1\""));
}

/// A name is enough: lists are empty, and the rest is null.
#[tokio::test]
async fn a_name_is_enough() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/companies", json!({ "name": "X" })).await.expect(201);
    assert_eq!((&made.body["addresses"], &made.body["tags"]), (&json!([]), &json!([])));
    assert_eq!((&made.body["website"], &made.body["phone"]), (&json!(null), &json!(null)));
}

/// A viewer makes none, and another organization sees none.
#[tokio::test]
async fn it_stays_in_its_organization() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    acme.viewer().await.post("/companies", json!({ "name": "X" })).await.problem(403, "forbidden");
    let made = acme.owner().post("/companies", json!({ "name": "X" })).await.expect(201);
    let missing = hill.owner().get(&format!("/companies/{}", Uuid::new_v4())).await.problem(404, "not_found");
    assert_eq!(hill.owner().get(made.header("location")).await.expect(404).text, missing.text);
    assert!(hill.owner().get("/companies").await.expect(200).items().is_empty());
}

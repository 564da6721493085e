//! `POST /api/v1/users/register`

use serde_json::json;

use crate::platform;

const PASSWORD: &str = "correct horse battery staple";

/// A person without an organization is somebody, and in no organization at all.
#[tokio::test]
async fn a_person_registers_alone() {
    let platform = platform().await;
    let body = json!({ "email": "Ada@Example.com", "password": PASSWORD, "name": "Ada" });
    let made = platform.anonymous().post("/users/register", body.clone()).await.expect(201);
    assert!(made.body["organization"].is_null(), "{}", made.text);
    assert_eq!(made.body["user"]["email"], "ada@example.com");

    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    assert_eq!(ada.get("/users/me").await.expect(200).body["name"], "Ada");
    for path in ["/contacts", "/organization", "/modules", "/clinic/patients"] {
        ada.get(path).await.problem(403, "no_organization");
    }
    ada.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "no_organization");
    let again = json!({ "refresh_token": made.body["refresh_token"] });
    let again = platform.anonymous().post("/auth/refresh", again).await.expect(200);
    assert!(again.body["organization"].is_null());
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert!(platform.anonymous().post("/auth/login", login).await.expect(200).body["organization"].is_null());

    let taken = platform.anonymous().post("/users/register", body).await.problem(409, "email_taken");
    assert_eq!(taken.pointers(), ["/email"]);
}

/// Nobody can say more of themselves than they may.
#[tokio::test]
async fn what_is_no_registration_is_pointed_at() {
    let platform = platform().await;
    for (field, value) in
        [("role", json!("owner")), ("id", json!("x")), ("email", json!("x")), ("password", json!("x"))]
    {
        let mut body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
        body[field] = value;
        let refused = platform.anonymous().post("/users/register", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
    }
}

//! `/api/v1/contacts/{id}/consents`

use serde_json::{Value, json};
use tenantry_core::notify::{ANNOUNCEMENT, Destination, Notice, TASK_DUE};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use uuid::Uuid;

use crate::platform;

async fn ada(by: &TestClient) -> String {
    let body = json!({
        "last_name": "Lovelace", "email": "Ada@Example.com", "phone": "+44 20 7946 0000",
        "emails": [{ "email": "ada@home.example" }, { "email": "ADA@example.com" }],
    });
    by.post("/contacts", body).await.expect(201).header("location").to_owned()
}

async fn say(by: &TestClient, contact: &str, what: &str, given: bool, source: &str) -> Value {
    let said = json!({ "given": given, "source": source });
    by.put_json(&format!("{contact}/consents/{what}"), said).await.expect(200).body
}

/// What became of a notice to an address.
async fn state(platform: &TestPlatform, acme: &TestOrganization, to: &str, notice: Notice) -> String {
    acme.notify([notice], true).await;
    platform.letters_to(to).await;
    let log = acme.owner().get("/notifications?limit=1").await.expect(200);
    log.items()[0]["state"].as_str().unwrap().to_owned()
}

fn news(to: &str) -> Notice {
    let notice = Notice::new(&ANNOUNCEMENT, Destination::parse(to).unwrap()).with("name", "Ada");
    notice.with("headline", "We have moved").with("text", "Come and see.")
}

fn task(to: &str) -> Notice {
    let notice = Notice::new(&TASK_DUE, Destination::parse(to).unwrap()).with("name", "Ada");
    notice.with("task", "Call").with("due", "at noon")
}

/// Nothing is said at first: no advertising, and what is under way. Each address stands once.
#[tokio::test]
async fn nothing_is_said_at_first() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let ada = ada(acme.owner()).await;
    let shown = acme.viewer().await.get(&format!("{ada}/consents")).await.expect(200);
    let told: Vec<String> = shown
        .items()
        .iter()
        .map(|item| {
            format!("{} {} {} {}", item["channel"], item["address"], item["purpose"], item["allowed"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        told,
        [
            "email ada@example.com marketing false",
            "email ada@example.com transactional true",
            "email ada@home.example marketing false",
            "email ada@home.example transactional true",
            "sms +442079460000 marketing false",
            "sms +442079460000 transactional true",
        ]
    );
    assert!(
        shown.items().iter().all(|item| item["given"].is_null() && item["source"].is_null() && item["at"].is_null())
    );
}

/// What a contact says is what notices obey, at each of the addresses; and what is said elsewhere is what the contact shows.
#[tokio::test]
async fn notices_obey_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let ada = ada(&member).await;
    let (office, home) = ("ada@example.com", "ada@home.example");
    let said = say(&member, &ada, "email/marketing", true, "fair 2026").await;
    let item = &said["items"][0];
    assert_eq!((&item["given"], &item["allowed"], &item["source"]), (&json!(true), &json!(true), &json!("fair 2026")));
    assert_eq!(said["items"][4]["given"], Value::Null, "a number is another channel");
    for to in [office, home] {
        assert_eq!(state(&platform, &acme, to, news(to)).await, "sent");
    }
    let listed = acme.owner().get("/notification-consents").await.expect(200);
    assert_eq!(listed.items().len(), 2);

    say(&member, &ada, "email/transactional", false, "telephone").await;
    assert_eq!(state(&platform, &acme, home, task(home)).await, "suppressed");

    let token = platform.unsubscribe_token(acme.tenant(), office);
    platform.anonymous().post(&format!("/unsubscribe/{token}"), json!({})).await.expect(204);
    let shown = member.get(&format!("{ada}/consents")).await.expect(200);
    let item = &shown.items()[0];
    assert_eq!((&item["given"], &item["source"]), (&json!(false), &json!("unsubscribe link")));
    assert_eq!(shown.items()[2]["given"], true, "the link was about one address");
    assert_eq!(state(&platform, &acme, office, news(office)).await, "suppressed");
}

/// Said again, the first source and time stay; what was said later is not taken back by what was said before it.
#[tokio::test]
async fn what_was_said_later_stands() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let ada = ada(owner).await;
    let path = format!("{ada}/consents/sms/marketing");
    let put = async |given: bool, source: &str, at: &str| {
        let said = json!({ "given": given, "source": source, "at": at });
        let said = owner.put_json(&path, said).await.expect(200);
        let item = &said.items()[4];
        (
            item["given"].as_bool().unwrap(),
            item["source"].as_str().unwrap().to_owned(),
            item["at"].as_str().unwrap().to_owned(),
        )
    };
    let form = (true, "form".to_owned(), "2024-03-01T10:00:00Z".to_owned());
    assert_eq!(put(true, "form", "2024-03-01T11:00:00+01:00").await, form);
    assert_eq!(put(true, "other form", "2025-03-01T10:00:00Z").await, form);
    assert_eq!(put(false, "letter", "2023-01-01T00:00:00Z").await, form);
    let (given, source, _) = put(false, "telephone", "2026-01-01T00:00:00Z").await;
    assert_eq!((given, source.as_str()), (false, "telephone"));
    assert!(!put(true, "form", "2025-12-31T00:00:00Z").await.0);
    let refused = json!({ "given": true, "source": "form", "at": "2199-01-01T00:00:00Z" });
    assert_eq!(owner.put_json(&path, refused).await.problem(422, "invalid").pointers(), ["/at"]);
    say(owner, &ada, "sms/marketing", true, "now").await;
    assert!(owner.get(&format!("{ada}/consents")).await.expect(200).items()[4]["allowed"].as_bool().unwrap());
}

/// Consent is to an address: another one starts with nothing said, and the old one has what was said about it.
#[tokio::test]
async fn another_address_starts_anew() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let ada = owner.post("/contacts", json!({ "last_name": "Lovelace", "email": "old@example.com" })).await.expect(201);
    let ada = ada.header("location");
    say(owner, ada, "email/marketing", true, "form").await;
    let given = async || owner.get(&format!("{ada}/consents")).await.expect(200).items()[0]["given"].clone();
    assert_eq!(given().await, true);
    owner.patch(ada, "\"1\"", json!({ "email": "new@example.com" })).await.expect(200);
    assert_eq!(given().await, Value::Null);
    assert_eq!(state(&platform, &acme, "new@example.com", news("new@example.com")).await, "suppressed");
    owner.patch(ada, "\"2\"", json!({ "email": "OLD@example.com" })).await.expect(200);
    assert_eq!(given().await, true);
}

/// What is no consent, whose it is not, and who may not write it.
#[tokio::test]
async fn what_is_no_consent_is_refused() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let ada = ada(acme.owner()).await;
    let said = json!({ "given": true, "source": "form" });
    let put = async |by: &TestClient, path: &str, body: &Value| by.put_json(path, body.clone()).await;
    let path = format!("{ada}/consents/email/marketing");
    put(&acme.viewer().await, &path, &said).await.problem(403, "forbidden");
    put(hill.owner(), &path, &said).await.problem(404, "not_found");
    hill.owner().get(&format!("{ada}/consents")).await.problem(404, "not_found");
    for what in ["email/security", "pigeon/marketing", "email/x"] {
        put(acme.owner(), &format!("{ada}/consents/{what}"), &said).await.problem(404, "not_found");
    }
    put(acme.owner(), &format!("/contacts/{}/consents/email/marketing", Uuid::new_v4()), &said)
        .await
        .problem(404, "not_found");
    for (body, pointer) in [
        (json!({ "source": "form" }), "/given"),
        (json!({ "given": true }), "/source"),
        (json!({ "given": "yes", "source": "form" }), "/given"),
        (json!({ "given": true, "source": "form", "at": "yesterday" }), "/at"),
    ] {
        assert_eq!(put(acme.owner(), &path, &body).await.problem(422, "invalid").pointers(), [pointer]);
    }
    let bare = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let bare = bare.header("location");
    let refused = put(acme.owner(), &format!("{bare}/consents/email/marketing"), &said).await;
    assert!(refused.problem(409, "no_address").text.contains("Add one first"));
    assert!(acme.owner().get(&format!("{bare}/consents")).await.expect(200).items().is_empty());
    assert!(acme.owner().get("/notification-consents").await.expect(200).items().is_empty());
}

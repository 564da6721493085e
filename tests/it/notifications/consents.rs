//! `/notification-consents`

use serde_json::{Value, json};

use super::{news, task};
use crate::platform;

fn said(address: &str, purpose: &str, granted: bool, source: &str) -> Value {
    json!({ "address": address, "purpose": purpose, "granted": granted, "source": source })
}

/// Advertising needs consent; what is under way needs none, unless it was refused.
#[tokio::test]
async fn purposes_differ() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    let ada = "ada@example.com";
    let state = async || {
        platform.letters_to(ada).await;
        let log = acme.owner().get("/notifications?limit=1").await.expect(200);
        (log.items()[0]["state"].clone(), log.items()[0]["reason"].clone())
    };
    acme.notify([news(ada)], true).await;
    assert_eq!(state().await, (json!("suppressed"), json!("the recipient has not consented")));

    acme.owner()
        .put_json("/notification-consents", said("Ada@Example.com", "marketing", true, "form"))
        .await
        .expect(200);
    acme.notify([news(ada)], true).await;
    assert_eq!(state().await, (json!("sent"), json!(null)));
    other.notify([news(ada)], true).await;
    assert_eq!(platform.letters_to(ada).await.len(), 1, "each organization is told for itself");

    acme.owner().put_json("/notification-consents", said(ada, "marketing", false, "telephone")).await.expect(200);
    acme.notify([news(ada)], true).await;
    assert_eq!(state().await, (json!("suppressed"), json!("the recipient wants none")));

    acme.notify([task(ada)], true).await;
    assert_eq!(state().await.0, "sent");
    acme.owner().put_json("/notification-consents", said(ada, "transactional", false, "telephone")).await.expect(200);
    acme.notify([task(ada)], true).await;
    assert_eq!(state().await.0, "suppressed");
    // Who is invited is let in whatever was said.
    acme.owner().post("/invitations", json!({ "emails": [ada], "role": "viewer" })).await.expect(201);
    assert_eq!(state().await.0, "sent");
}

/// An address is known in one spelling; saying the same again keeps when and where it was said first.
#[tokio::test]
async fn one_row_an_address_and_purpose() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let put = async |address: &str, granted: bool, source: &str| {
        owner.put_json("/notification-consents", said(address, "marketing", granted, source)).await.expect(200).body
    };
    let first = put("+43 1 588-58-01", true, "form").await;
    assert_eq!((&first["address"], &first["channel"]), (&json!("+4315885801"), &json!("sms")));
    assert_eq!(put("+4315885801", true, "other form").await, first);
    let changed = put("+43 (1) 5885801", false, "telephone").await;
    assert_eq!((&changed["id"], &changed["source"]), (&first["id"], &json!("telephone")));
    put("ada@example.com", true, "form").await;

    let listed = owner.get("/notification-consents").await.expect(200);
    assert_eq!(listed.column("address"), ["ada@example.com", "+4315885801"]);
    let listed = owner.get("/notification-consents?address=%2B43%201%205885801&purpose=marketing").await.expect(200);
    assert_eq!(listed.items(), [changed]);
    let page = owner.get("/notification-consents?limit=1").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let next = owner.get(&format!("/notification-consents?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(next.column("address"), ["+4315885801"]);

    for wrong in ["ada", "5885801", "0043158858", "a@b@c", ""] {
        let refused = owner.put_json("/notification-consents", said(wrong, "marketing", true, "form")).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), ["/address"], "{wrong}");
    }
    let refused = owner.put_json("/notification-consents", said("ada@example.com", "security", true, "form")).await;
    assert_eq!(refused.problem(422, "invalid").pointers(), ["/purpose"]);
    acme.member().await.get("/notification-consents").await.problem(403, "forbidden");
    let audit = owner.get("/audit?resource=notification_consents").await.expect(200);
    assert_eq!(audit.items().len(), 3);
}

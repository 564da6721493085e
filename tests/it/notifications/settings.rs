//! `/notification-settings`

use serde_json::json;

use super::task;
use crate::platform;

const SETTINGS: &str = "/notification-settings";

/// They are there from the start, and change by version.
#[tokio::test]
async fn they_have_defaults_and_a_version() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let first = owner.get(SETTINGS).await.expect(200);
    let fields = ["quiet_hours", "time_zone", "language", "sender_name"].map(|field| first.body[field].clone());
    assert_eq!(fields, [json!(null), json!("UTC"), json!("en"), json!(null)]);
    let patch = json!({ "quiet_hours": { "from": "22:00", "until": "07:00" }, "time_zone": "Europe/Vienna", "language": "DE-at" });
    let changed = owner.patch(SETTINGS, first.header("etag"), patch.clone()).await.expect(200);
    assert_eq!(changed.body["quiet_hours"], json!({ "from": "22:00", "until": "07:00" }));
    assert_eq!((&changed.body["language"], changed.header("etag")), (&json!("de-AT"), "\"2\""));
    owner.patch(SETTINGS, first.header("etag"), patch).await.problem(412, "stale_version");
    let cleared = owner.patch(SETTINGS, "\"2\"", json!({ "quiet_hours": null })).await.expect(200);
    assert_eq!(cleared.body["quiet_hours"], json!(null));
    acme.member().await.get(SETTINGS).await.problem(403, "forbidden");
}

/// What is no time, no zone and no language is refused.
#[tokio::test]
async fn values_are_checked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (patch, pointer) in [
        (json!({ "time_zone": "Mars/Olympus" }), "/time_zone"),
        (json!({ "time_zone": null }), "/time_zone"),
        (json!({ "language": "klingon-language-long" }), "/language"),
        (json!({ "quiet_hours": { "from": "22:00", "until": "22:00" } }), "/quiet_hours/until"),
        (json!({ "quiet_hours": { "from": "24:00", "until": "07:00" } }), "/quiet_hours/from"),
        (json!({ "quiet_hours": { "from": "22:00" } }), "/quiet_hours/until"),
        (json!({ "sender_name": "Acme\r\nBcc: eve@example.com" }), "/sender_name"),
    ] {
        let refused = acme.owner().patch(SETTINGS, "\"1\"", patch.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{patch}");
    }
}

/// Letters come in the organization's name, but those that open accounts.
#[tokio::test]
async fn letters_have_a_sender() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.owner().patch(SETTINGS, "\"1\"", json!({ "sender_name": "Acme Service" })).await.expect(200);
    acme.notify([task("ada@example.com"), task("+4315885801")], true).await;
    acme.owner().post("/invitations", json!({ "emails": ["bob@example.com"], "role": "viewer" })).await.expect(201);
    let sender = async |address: &str| platform.delivered_to(address).await.pop().unwrap().sender;
    assert_eq!(sender("ada@example.com").await.as_deref(), Some("Acme Service"));
    assert_eq!(sender("bob@example.com").await, None);
    assert_eq!(platform.texts_to("+4315885801").await[0].from, "Acme Service");
}

//! `PATCH /api/v1/contacts/{id}`

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::TestPlatform;
use uuid::Uuid;

use crate::platform;

/// What is sent replaces, null clears, what is left out stays; the version rises by one.
#[tokio::test]
async fn a_member_changes_a_contact() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let body = json!({ "first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "phone": "+4315885801" });
    let made = member.post("/contacts", body).await.expect(201);
    let path = made.header("location");

    let change = json!({ "last_name": "Lovelace", "email": null });
    let changed = member.patch(path, "\"1\"", change).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.body["last_name"], "Lovelace");
    assert_eq!(changed.body["email"], json!(null));
    assert_eq!((&changed.body["first_name"], &changed.body["phone"]), (&json!("Ada"), &json!("+4315885801")));
    assert_eq!(changed.body["display_name"], "Lovelace Ada");
    assert_eq!(changed.body["created_at"], made.body["created_at"]);
    assert!(changed.body["updated_at"].as_str() > made.body["updated_at"].as_str());
    assert_eq!(member.get(path).await.expect(200).body, changed.body);
}

/// A change that changes nothing leaves the version, so that nobody else's ETag becomes stale.
#[tokio::test]
async fn what_changes_nothing_leaves_the_version() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made =
        acme.owner().post("/contacts", json!({ "last_name": "Lovelace", "phone": "+4315885801" })).await.expect(201);
    let path = made.header("location");
    for nothing in [json!({}), json!({ "last_name": "Lovelace" }), json!({ "email": null, "phone": "+4315885801" })] {
        let same = acme.owner().patch(path, "\"1\"", nothing).await.expect(200);
        assert_eq!((same.header("etag"), &same.body), ("\"1\"", &made.body));
    }
    acme.owner().patch(path, "\"2\"", json!({})).await.problem(412, "stale_version");
    let changed = acme.owner().patch(path, "\"1\"", json!({ "phone": null })).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
}

/// One name may go as long as the other stays.
#[tokio::test]
async fn the_last_name_left_cannot_be_cleared() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "first_name": "Ada", "last_name": "L" })).await.expect(201);
    let path = made.header("location");

    let both = acme.owner().patch(path, "\"1\"", json!({ "first_name": null, "last_name": null })).await;
    assert_eq!(both.problem(422, "invalid").pointers(), ["/last_name"]);
    acme.owner().patch(path, "\"1\"", json!({ "first_name": null })).await.expect(200);
    acme.owner().patch(path, "\"2\"", json!({ "last_name": null })).await.problem(422, "invalid");
    assert_eq!(acme.owner().get(path).await.expect(200).body["display_name"], "L");
}

/// Without the version that was read there is no change, so that nobody's is lost.
#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = made.header("location");

    let without = owner.request(Method::PATCH, path).json(&json!({ "last_name": "X" }));
    let without = owner.send(without).await.problem(428, "version_required");
    assert!(without.body["detail"].as_str().unwrap().contains("If-Match"), "{}", without.text);
    owner.patch(path, "\"2\"", json!({ "last_name": "X" })).await.problem(412, "stale_version");
    for malformed in ["1", "\"1", "\"\"", "W/\"1\"", "*", "\"1\", \"2\"", "\"99999999999999999999\"", "\"a\""] {
        owner.patch(path, malformed, json!({ "last_name": "X" })).await.problem(400, "malformed_request");
    }
    assert_eq!(owner.get(path).await.expect(200).body, made.body);

    let missing = format!("/contacts/{}", Uuid::new_v4());
    owner.patch(&missing, "\"1\"", json!({ "last_name": "X" })).await.problem(404, "not_found");
}

/// Of a hundred changes made on one version at the same time, one is made.
#[tokio::test]
async fn one_of_many_changes_on_a_version_is_made() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.pool.wait = std::time::Duration::from_secs(30);
        config.pool.statement_timeout = std::time::Duration::from_secs(30);
    })
    .await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let path = made.header("location");

    let changes = (0..100).map(|n| acme.owner().patch(path, "\"1\"", json!({ "first_name": n.to_string() })));
    let replies = join_all(changes).await;
    let winners: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    assert!(replies.iter().all(|reply| reply.status == 200 || reply.code() == "stale_version"));
    let read = acme.owner().get(path).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&winners[0].body, "\"2\""));
}

/// A viewer may not, and nothing changes.
#[tokio::test]
async fn a_viewer_does_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let viewer = acme.viewer().await;
    viewer.patch(made.header("location"), "\"1\"", json!({ "last_name": "X" })).await.problem(403, "forbidden");
    assert_eq!(acme.owner().get(made.header("location")).await.expect(200).body, made.body);
}

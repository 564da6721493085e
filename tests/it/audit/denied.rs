//! Tries that are denied.

use serde_json::{Value, json};

use crate::platform;

/// Who tries what their role does not allow leaves an entry, with what would have been needed.
#[tokio::test]
async fn a_denied_try_is_noted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    viewer.post("/contacts", json!({ "last_name": "Lovelace" })).await.problem(403, "forbidden");

    let found = acme.owner().get("/audit?change=denied").await.expect(200).body["items"].clone();
    let [entry] = &found.as_array().expect("a list")[..] else { panic!("{found}") };
    assert_eq!(entry["operation"], "contacts_create");
    assert_eq!(entry["after"], json!({ "permission": "contacts.write" }));
    assert_eq!(entry["user_id"], viewer.get("/users/me").await.expect(200).body["id"]);
    assert_eq!(entry["record"], Value::Null);
}

/// Who repeats a try does not fill the audit with it, whichever process answers; after a minute it is news again.
#[tokio::test]
async fn equal_tries_are_one_entry() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (viewer, other) = (acme.viewer().await, acme.viewer().await);
    let neighbour = platform.beside().await;
    let contact = || json!({ "last_name": "Lovelace" });
    let tries = (0..20).map(|_| viewer.post("/contacts", contact()));
    for reply in futures_util::future::join_all(tries).await {
        reply.problem(403, "forbidden");
    }
    neighbour.client(viewer.token()).post("/contacts", contact()).await.problem(403, "forbidden");
    let denied = async || acme.owner().get("/audit?change=denied&limit=200").await.expect(200).items().len();
    assert_eq!(denied().await, 1);
    let metrics = platform.anonymous().get("/metrics").await.expect(200).text;
    assert!(metrics.contains("tenantry_denied_tries_merged_total"), "{metrics}");

    viewer.post("/teams", json!({ "name": "North" })).await.problem(403, "forbidden");
    other.post("/contacts", contact()).await.problem(403, "forbidden");
    assert_eq!(denied().await, 3);

    let superuser = platform.database().superuser().await;
    superuser.execute("UPDATE platform.denials SET noted_at = now() - interval '61 seconds'", &[]).await.unwrap();
    let fresh = platform.beside().await;
    fresh.client(viewer.token()).post("/contacts", contact()).await.problem(403, "forbidden");
    assert_eq!(denied().await, 4);
}

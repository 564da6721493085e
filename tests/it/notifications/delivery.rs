//! From a change to a letter: with it, sealed, once, and never for what was not done.

use serde_json::json;
use tenantry_core::testing::TestPlatform;

use super::task;
use crate::platform;
use crate::support::{count, superuser_in};

/// What is rolled back sends nothing and is in no log; what commits does both.
#[tokio::test]
async fn a_change_that_is_undone_sends_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("ada@example.com")], false).await;
    acme.notify([task("bob@example.com")], true).await;
    assert_eq!(platform.letters_to("bob@example.com").await.len(), 1);
    assert!(platform.letters_to("ada@example.com").await.is_empty());
    assert_eq!(acme.owner().get("/notifications").await.expect(200).column("to"), ["bob@example.com"]);
}

/// Neither the organization's tables nor the outbox tell what a notice will say, or hold the token of an invitation.
#[tokio::test]
async fn it_waits_sealed() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.mail.mailbox = false).await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("ada@example.com").with("task", "canary")], true).await;
    acme.owner().post("/invitations", json!({ "emails": ["bob@example.com"], "role": "viewer" })).await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM notices WHERE payload IS NULL AND state = 'waiting'").await, 2);
    let waiting =
        "SELECT count(*) FROM platform.outbox WHERE topic = 'notice' AND tenant_id IS NOT NULL AND payload IS NOT NULL";
    assert_eq!(count(&database, waiting).await, 2);
    for sql in [
        "SELECT o::text, coalesce(payload, '') FROM platform.outbox o",
        "SELECT n::text, '\\x'::bytea FROM notices n",
        "SELECT j::text, '\\x'::bytea FROM journal j",
    ] {
        for row in database.query(sql, &[]).await.unwrap() {
            let (text, payload): (String, Vec<u8>) = (row.get(0), row.get(1));
            for word in ["canary", "tnv_"] {
                assert!(
                    !text.contains(word) && !payload.windows(word.len()).any(|part| part == word.as_bytes()),
                    "{text}"
                );
            }
        }
    }
    assert_eq!(count(&database, "SELECT count(*) FROM journal WHERE resource = 'notices'").await, 0);
}

/// Somebody's letters are in the language that this person has chosen.
#[tokio::test]
async fn people_are_written_to_in_their_language() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let etag = acme.owner().get("/users/me").await.expect(200).header("etag").to_owned();
    acme.owner().patch("/users/me", &etag, json!({ "locale": "de-AT" })).await.expect(200);
    platform.anonymous().post("/auth/forgot-password", json!({ "email": acme.email() })).await.expect(202);
    let letter = platform.letters_to(acme.email()).await.pop().unwrap();
    assert_eq!(letter.subject, "Wählen Sie ein neues Passwort");
    assert!(letter.token().is_some());
    assert!(acme.owner().get("/notifications").await.expect(200).items().is_empty(), "that is the platform's own");
}

/// Own words that fit no more, because the kind has changed since, hold nothing up.
#[tokio::test]
async fn broken_words_hold_nothing_up() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let path = "/notification-templates/invitation/email/en";
    acme.owner().put_json(path, json!({ "subject": "own", "body": "{{ link }}" })).await.expect(200);
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE notification_templates SET body = 'https://evil.example'").await.unwrap();
    acme.owner().post("/invitations", json!({ "emails": ["ada@example.com"], "role": "viewer" })).await.expect(201);
    let letter = platform.letters_to("ada@example.com").await.pop().unwrap();
    assert_eq!(letter.subject, "You are invited to Acme");
    assert!(letter.token().is_some() && !letter.text.contains("evil"), "{}", letter.text);
}

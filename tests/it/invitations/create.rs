//! `POST /api/v1/invitations`, the list, resending and revoking

use serde_json::json;

use super::{accept, invite, statuses};
use crate::platform;

/// Many are invited at once; whether an address has an account cannot be told.
#[tokio::test]
async fn known_and_unknown_addresses_are_alike() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let mut answers = Vec::new();
    for email in [other.email(), "nobody@example.com"] {
        let body = json!({ "emails": [email], "role": "viewer" });
        let made = acme.owner().post("/invitations", body).await.expect(201);
        let mut item = made.items()[0].clone();
        for own in ["id", "email", "created_at", "sent_at", "expires_at"] {
            item[own] = json!(null);
        }
        let letter = platform.letters_to(email).await.pop().expect("a letter");
        answers.push((item, letter.subject));
    }
    assert_eq!(answers[0], answers[1]);
}

/// The letters of one request, a new letter that voids the older one, and one that is taken back.
#[tokio::test]
async fn an_invitation_is_sent_again_and_taken_back() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let body = json!({ "emails": ["Ada@example.com", "bob@example.com", "ada@example.com"], "role": "member" });
    let made = acme.owner().post("/invitations", body).await.expect(201);
    assert_eq!(made.items().len(), 2);
    let first = platform.token_to("ada@example.com").await;
    let id = made.items().iter().find(|item| item["email"] == "ada@example.com").unwrap()["id"].as_str().unwrap();
    acme.admin().await.post(&format!("/invitations/{id}/resend"), json!({})).await.expect(200);
    let second = platform.token_to("ada@example.com").await;
    assert_ne!(first, second);
    accept(&platform, &first).await.problem(422, "token_invalid");

    acme.owner().delete(&format!("/invitations/{id}")).await.expect(204);
    acme.owner().delete(&format!("/invitations/{id}")).await.problem(404, "not_found");
    accept(&platform, &second).await.problem(422, "token_invalid");
    let list = acme.owner().get("/invitations").await.expect(200);
    assert!(statuses(&list).contains(&("ada@example.com".to_owned(), "revoked".to_owned())), "{}", list.text);
    assert!(statuses(&list).contains(&("bob@example.com".to_owned(), "open".to_owned())), "{}", list.text);
}

/// An organization's name is one line in its letters: a new one cannot be more, and one of before is made that.
#[tokio::test]
async fn a_name_adds_no_lines_to_a_letter() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let forged = "Acme\r\n\r\nYour account is locked:\nhttps://evil.example";
    let etag = acme.owner().get("/organization").await.expect(200).header("etag").to_owned();
    let refused = acme.owner().patch("/organization", &etag, json!({ "name": forged })).await;
    assert_eq!(refused.problem(422, "invalid").pointers(), ["/name"]);

    let invited = async |email: &str| {
        let body = json!({ "emails": [email], "role": "viewer" });
        acme.owner().post("/invitations", body).await.expect(201);
        platform.letters_to(email).await.pop().expect("a letter")
    };
    let plain = invited("ada@example.com").await;
    let database = platform.database().superuser().await;
    let before = "UPDATE platform.tenants SET name = $1 WHERE name = 'Acme'";
    assert_eq!(database.execute(before, &[&forged]).await.unwrap(), 1);
    let letter = invited("bob@example.com").await;
    // A name that is an address would be a link beside the one that is meant.
    let name = "Acme Your account is locked: https: evil.example";
    assert_eq!(letter.subject, format!("You are invited to {name}"));
    let body = plain.text.replace(plain.token().unwrap(), letter.token().unwrap());
    assert_eq!(letter.text, body.replace("Acme", name));
}

/// Nobody invites above their own role, nor a member, nor without end.
#[tokio::test]
async fn what_is_too_much_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let of = |email: &str, role: &str| json!({ "emails": [email], "role": role });
    let admin = acme.admin().await;
    admin.post("/invitations", of("a@example.com", "owner")).await.problem(403, "role_above_own");
    acme.member().await.post("/invitations", of("a@example.com", "viewer")).await.problem(403, "forbidden");
    let member = admin.post("/invitations", of(acme.email(), "viewer")).await.problem(409, "member_already");
    assert_eq!(member.pointers(), ["/emails/0"]);
    for emails in [json!([]), json!(vec!["a@example.com"; 101])] {
        let body = json!({ "emails": emails, "role": "viewer" });
        assert_eq!(admin.post("/invitations", body).await.problem(422, "invalid").pointers(), ["/emails"]);
    }
    invite(&platform, &acme, "a@example.com", "viewer").await;
    let database = platform.database().superuser().await;
    database.batch_execute("UPDATE platform.invitations SET letters = 500").await.unwrap();
    let refused = admin.post("/invitations", of("b@example.com", "viewer")).await.problem(429, "too_many_letters");
    assert!(!refused.header("retry-after").is_empty());
}

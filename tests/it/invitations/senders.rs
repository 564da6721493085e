//! An invitation ends with its sender's right to send it, and proves the address that it was sent to

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::permission::Role;
use tenantry_core::testing::{PASSWORD, TestClient, TestPlatform};

use super::{accept, statuses};
use crate::members::path;
use crate::platform;
use crate::support::count;

async fn sent(platform: &TestPlatform, sender: &TestClient, email: &str, role: &str) -> String {
    sender.post("/invitations", json!({ "emails": [email], "role": role })).await.expect(201);
    platform.token_to(email).await
}

/// Who was demoted, removed, has left, or whose own role was made smaller brings nobody in any more.
#[tokio::test]
async fn it_ends_with_its_senders_rights() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let (demoted, removed, gone) = (acme.admin().await, acme.admin().await, acme.admin().await);
    let tokens = [
        sent(&platform, &demoted, "a@example.com", "admin").await,
        sent(&platform, &removed, "b@example.com", "viewer").await,
        sent(&platform, &gone, "c@example.com", "viewer").await,
    ];
    let demote = json!({ "role": "member" });
    owner.patch(&path(&demoted).await, "\"1\"", demote).await.expect(200);
    owner.delete(&path(&removed).await).await.expect(204);
    gone.delete(&format!("/users/me/organizations/{}", acme.tenant())).await.expect(204);
    for token in &tokens {
        accept(&platform, token).await.problem(422, "token_invalid");
    }
    let list = owner.get("/invitations").await.expect(200);
    assert!(statuses(&list).iter().all(|(_, status)| status == "revoked"), "{}", list.text);
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.users WHERE email LIKE '_@example.com'").await, 0);

    // Somebody who may sends it anew.
    let id = list.items().iter().find(|item| item["email"] == "a@example.com").unwrap()["id"].as_str().unwrap();
    owner.post(&format!("/invitations/{id}/resend"), json!({})).await.expect(200);
    accept(&platform, &platform.token_to("a@example.com").await).await.expect(201);
}

/// A promotion takes nothing away, nor does a change of a role that still allows as much.
#[tokio::test]
async fn it_stays_while_its_sender_may() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    let token = sent(&platform, &admin, "a@example.com", "admin").await;
    acme.owner().patch(&path(&admin).await, "\"1\"", json!({ "role": "owner" })).await.expect(200);
    accept(&platform, &token).await.expect(201);

    let permissions = ["invitations.write", "contacts.read", "contacts.write"];
    let clerk = acme.with_permissions(&permissions).await;
    let new = json!({ "name": "Reader", "permissions": ["contacts.read"] });
    let reader = format!("custom:{}", acme.owner().post("/roles", new).await.expect(201).id());
    let (first, second) = (
        sent(&platform, &clerk, "b@example.com", &reader).await,
        sent(&platform, &clerk, "c@example.com", &reader).await,
    );
    let roles = acme.owner().get("/roles").await.expect(200);
    let own = roles.items().iter().find(|role| role["name"] != "Reader").unwrap()["id"].as_str().unwrap().to_owned();
    let set = async |etag: &str, permissions: &[&str]| {
        let body = json!({ "permissions": permissions });
        acme.owner().patch(&format!("/roles/{own}"), etag, body).await.expect(200);
    };
    set("\"1\"", &permissions[..2]).await;
    accept(&platform, &first).await.expect(201);
    set("\"2\"", &permissions[..1]).await;
    accept(&platform, &second).await.problem(422, "token_invalid");
}

/// A demotion and many who join at the same moment: whoever got in did so before it.
#[tokio::test]
async fn nobody_joins_after_the_demotion() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let people: Vec<_> = join_all((0..6).map(|n| {
        let body = json!({ "email": format!("p{n}@example.com"), "password": PASSWORD, "name": "P" });
        let anonymous = platform.anonymous();
        async move { anonymous.post("/users/register", body).await.expect(201).body }
    }))
    .await;
    for _ in 0..5 {
        let admin = acme.admin().await;
        let mut joins = Vec::new();
        for (n, person) in people.iter().enumerate() {
            let token = sent(&platform, &admin, &format!("p{n}@example.com"), "admin").await;
            joins.push((platform.client(person["access_token"].as_str().unwrap()), json!({ "token": token })));
        }
        let admins = path(&admin).await;
        let join = joins.iter().map(|(client, body)| client.post("/users/me/organizations", body.clone()));
        let demote = acme.owner().patch(&admins, "\"1\"", json!({ "role": "viewer" }));
        let (joined, demoted) = tokio::join!(join_all(join), demote);
        demoted.expect(200);
        assert!(joined.iter().all(|reply| [201, 422].contains(&reply.status.as_u16())), "{joined:?}");
        for (client, body) in &joins {
            client.post("/users/me/organizations", body.clone()).await.problem(422, "token_invalid");
            client.delete(&format!("/users/me/organizations/{}", acme.tenant())).await;
        }
    }
}

/// Who has accepted has read the letter, so the address is proved, for a new account and for one that was there.
#[tokio::test]
async fn accepting_proves_the_address() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = sent(&platform, acme.owner(), "ada@example.com", "member").await;
    let joined = accept(&platform, &token).await.expect(201);
    let ada = platform.client(joined.body["access_token"].as_str().unwrap());
    assert_eq!(ada.get("/users/me").await.expect(200).body["email_verified"], true);

    let bob = acme.person(Role::Viewer).await;
    let me = bob.get("/users/me").await.expect(200);
    assert_eq!(me.body["email_verified"], false);
    let other = platform.organization("Other").await;
    let token = sent(&platform, other.owner(), me.body["email"].as_str().unwrap(), "viewer").await;
    bob.post("/users/me/organizations", json!({ "token": token })).await.expect(201);
    assert_eq!(bob.get("/users/me").await.expect(200).body["email_verified"], true);
}

/// Whatever a letter's token was for, one that does not work is refused in the same way.
#[tokio::test]
async fn a_bad_token_is_a_bad_token() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = sent(&platform, acme.owner(), "ada@example.com", "member").await;
    assert!(token.starts_with("tnv_"), "{token}");
    let verify = platform.anonymous().post("/auth/verify-email", json!({ "token": token })).await;
    let texts = [
        verify.problem(422, "token_invalid").text,
        accept(&platform, "tnv_nonsense").await.problem(422, "token_invalid").text,
        acme.owner().post("/users/me/organizations", json!({ "token": "x" })).await.problem(422, "token_invalid").text,
        acme.owner()
            .post("/users/me/organizations", json!({ "token": token }))
            .await
            .problem(422, "token_invalid")
            .text,
    ];
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    let body = json!({ "token": token, "name": "Ada", "password": "passwordpassword" });
    let weak = platform.anonymous().post("/invitations/accept", body).await.problem(422, "invalid");
    assert_eq!(weak.pointers(), ["/password"]);
    accept(&platform, &token).await.expect(201);
}

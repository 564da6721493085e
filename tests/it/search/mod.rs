//! `GET /api/v1/search`

mod plan;

use serde_json::json;
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::{TestClient, TestOrganization};

use crate::platform;

/// The titles of what is found, the best one first.
async fn titles(client: &TestClient, q: &str) -> Vec<String> {
    let found = client.get(&format!("/search?q={}", q.replace('%', "%25"))).await.expect(200);
    found.column("title").into_iter().map(str::to_owned).collect()
}

async fn known(acme: &TestOrganization) {
    for (first, last, email) in [
        ("Ada", "Lovelace", "ada@engines.example"),
        ("Zoë", "Müller", "zoe@example.com"),
        ("Michael", "Faraday", "michael@example.com"),
        ("Grace", "Hopper", "grace@example.com"),
    ] {
        let body = json!({ "first_name": first, "last_name": last, "email": email });
        acme.owner().post("/contacts", body).await.expect(201);
    }
}

/// Whatever the case, the accents, a slip, half a word, or the address.
#[tokio::test]
async fn words_are_found_however_they_are_spelt() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    known(&acme).await;
    for (q, title) in [
        ("lovelace", "Lovelace Ada"),
        ("LOVELACE", "Lovelace Ada"),
        ("Lovelase", "Lovelace Ada"),
        ("lovl", "Lovelace Ada"),
        ("ada lovelace", "Lovelace Ada"),
        ("muller", "Müller Zoë"),
        ("Müller", "Müller Zoë"),
        ("zoe", "Müller Zoë"),
        ("Micheal", "Faraday Michael"),
        ("engines.example", "Lovelace Ada"),
        ("ho", "Hopper Grace"),
    ] {
        assert_eq!(titles(acme.owner(), q).await.first().map(String::as_str), Some(title), "{q}");
    }
    assert!(titles(acme.owner(), "zzzqqq").await.is_empty());
    assert!(titles(acme.owner(), "100%").await.is_empty());
}

/// Somebody else's records, and those out of one's scope, are not there.
#[tokio::test]
async fn only_what_one_sees_is_found() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    known(&acme).await;
    assert!(titles(other.owner(), "lovelace").await.is_empty());
    let seller = acme.with_scope(&["contacts.read", "contacts.write", "search.read"], RecordScope::Own).await;
    assert!(titles(&seller, "lovelace").await.is_empty());
    seller.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    assert_eq!(titles(&seller, "lovelace").await, ["Lovelace"]);
    let blind = acme.with_permissions(&["search.read"]).await;
    assert!(titles(&blind, "lovelace").await.is_empty());
}

/// What is no search says what is one.
#[tokio::test]
async fn what_is_asked_for_is_checked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for wrong in ["", "?q=a", "?q=%20%20", "?q=ab&resources=users", "?q=ab&resources=", "?q=ab&limit=0"] {
        let reply = acme.owner().get(&format!("/search{wrong}")).await;
        assert_eq!(reply.status, 422, "{wrong}: {}", reply.text);
    }
}

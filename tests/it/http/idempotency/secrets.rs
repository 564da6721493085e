//! What is kept of an answer can be read with the installation's secret only, in its own row only.

use serde_json::json;

use super::{create, post};
use crate::platform;
use crate::support::superuser_in;

/// What answers with a secret takes no key: a secret is shown once.
#[tokio::test]
async fn a_secret_is_never_kept() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let new = json!({ "name": "Website", "scopes": ["contacts.read"] });
    for (path, body) in [("/api-keys", new), ("/users/me/second-factor", json!({}))] {
        post(acme.owner(), path, "secret", &body).await.problem(400, "idempotency_key_not_taken");
    }
}

/// An answer stands nowhere in clear.
#[tokio::test]
async fn no_secret_stands_in_the_database() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let new = json!({ "name": "Website", "permissions": ["contacts.read"] });
    let made = post(acme.owner(), "/roles", "visible-key", &new).await.expect(201);
    let again = post(acme.owner(), "/roles", "visible-key", &new).await.expect(201);
    assert_eq!(again.text, made.text);
    create(acme.owner(), "visible-key", "Lovelace").await.expect(201);

    let database = superuser_in(&platform, &acme).await;
    for table in ["platform.idempotency", "idempotency"] {
        let sql = format!(
            "SELECT convert_from(convert_to(encode(id || fingerprint || answer, 'escape'), 'UTF8'), 'UTF8') FROM {table}"
        );
        let rows = database.query(&sql, &[]).await.unwrap();
        assert_eq!(rows.len(), 1, "{table}");
        let text: String = rows[0].get(0);
        for clear in ["contacts.read", "Website", "Lovelace", "visible-key", "application/json"] {
            assert!(!text.contains(clear), "{clear} stands in {table}");
        }
    }
}

/// An answer that was put into another row, or whose secret is gone, is not shown; nothing is done a second time.
#[tokio::test]
async fn an_answer_opens_in_its_own_row_only() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, member) = (acme.owner(), acme.member().await);
    create(owner, "k", "Lovelace").await.expect(201);
    create(&member, "k", "Lovelace").await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    let swap = "UPDATE idempotency a SET answer = b.answer FROM idempotency b WHERE a.id <> b.id";
    database.batch_execute(swap).await.unwrap();
    create(owner, "k", "Lovelace").await.problem(409, "idempotent_answer_not_kept");
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 2);
}

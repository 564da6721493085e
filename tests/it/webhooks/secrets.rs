//! `POST /webhooks/{id}/secret`

use serde_json::json;

use super::{Endpoint, Receiver, platform, sql};
use crate::support::count;

/// For a day two secrets sign, the new one and the one before it; then the new one alone.
#[tokio::test]
async fn two_secrets_sign_for_a_day() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let first = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    let test = format!("{}/test", first.path);
    let rotate = async || {
        let rotated = acme.owner().post(&format!("{}/secret", first.path), json!({})).await.expect(200);
        rotated.body["secret"].as_str().unwrap().to_owned()
    };
    let tried = async || {
        acme.owner().post(&test, json!({})).await.expect(200);
        receiver.got().pop().unwrap()
    };
    let got = tried().await;
    assert_eq!((got.signatures().len(), got.is_signed_with(&first.secret)), (1, true));

    let second = rotate().await;
    let got = tried().await;
    assert_eq!(got.signatures().len(), 2);
    assert!(got.is_signed_with(&first.secret) && got.is_signed_with(&second));
    assert!(acme.owner().get(&first.path).await.expect(200).body["old_secret_until"].is_string());

    // A day is promised to whoever has the first one.
    acme.owner().post(&format!("{}/secret", first.path), json!({})).await.problem(409, "secret_changing");
    sql(&platform, &acme, "UPDATE webhooks SET old_secret_until = now() - interval '1 second'").await;
    let third = rotate().await;
    let got = tried().await;
    assert_eq!(got.signatures().len(), 2);
    assert!(!got.is_signed_with(&first.secret) && got.is_signed_with(&second) && got.is_signed_with(&third));

    sql(&platform, &acme, "UPDATE webhooks SET old_secret_until = now() - interval '1 second'").await;
    let got = tried().await;
    assert_eq!((got.signatures().len(), got.is_signed_with(&third)), (1, true));
    assert!(acme.owner().get(&first.path).await.expect(200).body["old_secret_until"].is_null());
}

/// A secret is in one answer, and neither in the database, the audit, the log, nor for a second time in an answer.
#[tokio::test]
async fn a_secret_stands_nowhere() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    acme.owner().post(&format!("{}/test", endpoint.path), json!({})).await.expect(200);
    let bare = endpoint.secret.strip_prefix("whsec_").unwrap();
    for path in ["/audit", "/webhooks", &endpoint.path, &format!("{}/deliveries", endpoint.path)] {
        let text = acme.owner().get(path).await.expect(200).text;
        assert!(!text.contains(bare), "{path}: {text}");
    }
    let database = crate::support::superuser_in(&platform, &acme).await;
    for table in ["webhooks", "webhook_deliveries", "journal"] {
        let sql = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE '%{bare}%'");
        assert_eq!(count(&database, &sql).await, 0, "{table}");
    }
    // Each organization's and each endpoint's is another one, though it is made of ids.
    let other = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    assert_ne!(other.secret, endpoint.secret);
    // A request that would be answered with a secret takes no key that would keep the answer.
    let keyed = acme.owner().request(reqwest::Method::POST, &format!("{}/secret", endpoint.path));
    acme.owner().send(keyed.header("idempotency-key", "a")).await.problem(400, "idempotency_key_not_taken");
}

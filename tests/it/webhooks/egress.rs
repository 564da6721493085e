//! Where webhooks may not go; `core/src/egress` has the tests of names that change.

use serde_json::json;
use tenantry_core::testing::TestPlatform;

use super::{Receiver, contact, sql};

/// No spelling of a private address is taken, and the refusal tells nothing of what is there.
#[tokio::test]
async fn a_private_address_is_refused_in_every_spelling() {
    let platform = crate::platform().await;
    let acme = platform.organization("Acme").await;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "%31%32%37.0.0.1",
        "127。0。0。1",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
    ] {
        let url = format!("https://{host}:{}/", platform.address().port());
        let refused = acme.owner().post("/webhooks", json!({ "url": url })).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/url"], "{host}");
    }
}

/// A name is taken, for it may lead anywhere; but where it leads inside, nothing connects.
#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    // Nothing is allowed but a network that is not used here.
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.egress.allow = vec!["192.0.2.0/24".parse().unwrap()];
    })
    .await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let inside = receiver.url.replace("127.0.0.1", "localhost");
    acme.owner().post("/webhooks", json!({ "url": receiver.url })).await.problem(422, "invalid");
    for url in [inside.clone(), inside.replace("http:", "https:")] {
        let made = acme.owner().post("/webhooks", json!({ "url": url })).await.expect(201);
        let tried = acme.owner().post(&format!("/webhooks/{}/test", made.id()), json!({})).await.expect(200);
        assert_eq!(tried.body["failure"], "the address is not public", "{}", tried.text);
        assert!(tried.body["status"].is_null() && tried.body["answer"].is_null());
    }
    assert!(receiver.got().is_empty());
}

/// What an operator does not allow any more is not sent to, and a redirect is no way there.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let platform = super::platform().await;
    let acme = platform.organization("Acme").await;
    let there = Receiver::content().await;
    let here = Receiver::answering(|_| (307, "there".to_owned())).await;
    let made = acme.owner().post("/webhooks", json!({ "url": here.url })).await.expect(201);
    let tried = acme.owner().post(&format!("/webhooks/{}/test", made.id()), json!({})).await.expect(200);
    assert_eq!((&tried.body["status"], &tried.body["answer"]), (&json!(307), &json!("there")));
    assert_eq!(tried.body["failure"], "the answer is not one of 2xx");
    assert!(there.got().is_empty());

    // As if it had been stored before the operator took the network away.
    contact(acme.owner(), "Lovelace").await;
    sql(&platform, &acme, "UPDATE webhooks SET url = 'https://10.0.0.1/'").await;
    let tried = acme.owner().post(&format!("/webhooks/{}/test", made.id()), json!({})).await.expect(200);
    assert_eq!(tried.body["failure"], "the address is not public");
}

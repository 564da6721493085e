//! `/unsubscribe/{token}`

use reqwest::Method;
use serde_json::json;

use super::{news, task};
use crate::mail::relay::Relay;
use crate::platform;
use tenantry_core::testing::{TestOrganization, TestPlatform};

const ADA: &str = "ada@example.com";

async fn consenting(platform: &TestPlatform) -> TestOrganization {
    let acme = platform.organization("Acme").await;
    let consent = json!({ "address": ADA, "purpose": "marketing", "granted": true, "source": "form" });
    acme.owner().put_json("/notification-consents", consent).await.expect(200);
    acme
}

/// Each advertising letter has a link; opening it does nothing, one POST of any program withdraws consent, again and again.
#[tokio::test]
async fn one_click_is_enough_and_a_look_is_none() {
    let platform = platform().await;
    let acme = consenting(&platform).await;
    acme.notify([news(ADA), task(ADA)], true).await;
    let letters = platform.delivered_to(ADA).await;
    let [news_letter] = letters.iter().filter(|letter| letter.unsubscribe.is_some()).collect::<Vec<_>>()[..] else {
        panic!("one letter advertises")
    };
    assert_eq!(news_letter.letter.subject, "We have moved");
    assert!(
        news_letter.letter.text.contains("\n-- \nGet no more such letters:\nhttp://127.0.0.1:8080/unsubscribe#token=")
    );
    let url = news_letter.unsubscribe.clone().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:8080").unwrap();
    assert!(path.starts_with("/api/v1/unsubscribe/") && !url.contains("ada"), "{url}");

    let anybody = platform.anonymous();
    let granted = async || acme.owner().get("/notification-consents").await.expect(200).items()[0].clone();
    for method in [Method::GET, Method::HEAD] {
        anybody.send(anybody.request(method, path)).await.expect(200);
    }
    assert_eq!(anybody.get(path).await.expect(200).body, json!({ "organization": "Acme" }));
    assert_eq!(granted().await["granted"], true);
    for _ in 0..2 {
        // As mail programs send it.
        let form = "application/x-www-form-urlencoded";
        let request =
            anybody.request(Method::POST, path).header("content-type", form).body("List-Unsubscribe=One-Click");
        anybody.send(request).await.expect(204);
    }
    let now = granted().await;
    assert_eq!((&now["granted"], &now["source"]), (&json!(false), &json!("unsubscribe link")));
    acme.notify([news(ADA), task(ADA)], true).await;
    assert_eq!(platform.letters_to(ADA).await.len(), 3);
    let audit = acme.owner().get("/audit?resource=notification_consents").await.expect(200);
    assert_eq!(audit.items().len(), 2);
}

/// Nobody makes such a link for somebody else.
#[tokio::test]
async fn tokens_are_ours() {
    let platform = platform().await;
    let acme = consenting(&platform).await;
    let token = platform.unsubscribe_token(acme.tenant(), ADA);
    let last = if token.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{last}", &token[..token.len() - 1]);
    let anybody = platform.anonymous();
    for wrong in ["x", &token[1..], &forged[..], &acme.tenant().to_string(), "%00"] {
        for method in [Method::GET, Method::POST] {
            let request = anybody.request(method, &format!("/unsubscribe/{wrong}"));
            let status = anybody.send(request).await.status.as_u16();
            assert!([400, 404].contains(&status), "{wrong}: {status}");
        }
    }
    let listed = acme.owner().get("/notification-consents").await.expect(200);
    assert_eq!(listed.items()[0]["granted"], true);
}

/// The headers are those of RFC 8058, on one line each.
#[tokio::test]
async fn mail_programs_find_it() {
    let relay = Relay::start().await;
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.mail.smtp = Some(relay.url.parse().unwrap());
        config.mail.from = "Platform <no-reply@acme.example>".parse().unwrap();
    })
    .await;
    let acme = consenting(&platform).await;
    let patch = json!({ "sender_name": "Zoë & Co" });
    acme.owner().patch("/notification-settings", "\"1\"", patch).await.expect(200);
    acme.notify([news(ADA), task(ADA)], true).await;
    let mut messages = Vec::new();
    while messages.len() < 2 {
        messages = relay.messages().into_iter().filter(|message| message.contains("To: ada@example.com")).collect();
        tokio::task::yield_now().await;
    }
    let (news, tasks): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.contains("We have moved"));
    let (head, _) = news[0].split_once("\n\n").unwrap();
    let header =
        |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {head}"));
    let url = header("List-Unsubscribe: ");
    assert!(url.starts_with("<http://127.0.0.1:8080/api/v1/unsubscribe/") && url.ends_with('>'), "{url}");
    assert_eq!(header("List-Unsubscribe-Post: "), "List-Unsubscribe=One-Click");
    assert!(header("From: ").ends_with("<no-reply@acme.example>") && !header("From: ").contains("Platform"), "{head}");
    assert!(header("Message-ID: ").contains(&format!(".{}@", acme.tenant().as_uuid().simple())), "{head}");
    assert!(!tasks[0].contains("List-Unsubscribe"), "{}", tasks[0]);
}

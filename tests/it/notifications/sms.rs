//! Text messages: by the provider that the operator describes, or into the mailbox of development.

use std::sync::{Arc, Mutex};

use reqwest::header::HeaderMap;
use serde_json::Value;
use tenantry_core::config::SmsProvider;
use tenantry_core::testing::TestPlatform;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::task;
use crate::platform;
use crate::support::count;

/// A provider that notes what it is asked, and answers with these statuses in turn, and then with 200.
struct Provider {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    async fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send?key=canary", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let notes = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut request, mut buffer) = (String::new(), [0; 4096]);
                while !is_whole(&request) {
                    let read = stream.read(&mut buffer).await.unwrap();
                    request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
                }
                let status = {
                    let mut notes = notes.lock().unwrap();
                    notes.push(request);
                    statuses.get(notes.len() - 1).copied().unwrap_or(200)
                };
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 6\r\nconnection: close\r\n\r\ncanary");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn platform(&self) -> TestPlatform {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer canary".parse().unwrap());
        let body = r#"{"recipient": {{ to }}, "message": {{ text }}, "sender": {{ from }}}"#.to_owned();
        let provider = SmsProvider::new(&self.url, headers, body).unwrap();
        assert!(!format!("{provider:?}").contains("canary"));
        TestPlatform::start_with(tenantry::MODULES, |config| config.sms.provider = Some(provider)).await
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}

/// What is asked is what the operator described, with values that cannot leave their places.
#[tokio::test]
async fn a_message_is_handed_over() {
    let provider = Provider::start(&[]).await;
    let platform = provider.platform().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("+43 1 5885801").with("task", "say \"hi\", \\ and {{ from }}")], true).await;
    platform.letters_to("nobody@example.com").await;
    let [asked] = provider.asked().try_into().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.starts_with("post /send?key=canary http/1.1"), "{head}");
    for line in ["authorization: bearer canary", "content-type: application/json", "idempotency-key: "] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["recipient"], "+4315885801");
    assert_eq!(body["message"], "Acme: say \"hi\", \\ and {{ from }} is due at noon.");
    assert_eq!(body["sender"], "Tenantry");
    assert!(platform.texts_to("+4315885801").await.is_empty());
}

/// A provider that is busy is asked again with the same key; one that refuses the message is not. What it says is not kept.
#[tokio::test]
async fn what_it_refuses_is_told() {
    let provider = Provider::start(&[503, 400]).await;
    let platform = provider.platform().await;
    let acme = platform.organization("Acme").await;
    let database = platform.database().superuser().await;
    acme.notify([task("+4315885801")], true).await;
    let waits = "SELECT count(*) FROM platform.outbox WHERE reason = 'the provider could not take it: HTTP 503'";
    while count(&database, waits).await == 0 {
        tokio::task::yield_now().await;
    }
    database.batch_execute("UPDATE platform.outbox SET due_at = now(), turn = now(); NOTIFY outbox").await.unwrap();
    platform.letters_to("nobody@example.com").await;
    let keys: Vec<String> = provider
        .asked()
        .iter()
        .map(|asked| asked.lines().find(|line| line.starts_with("idempotency-key")).unwrap().to_owned())
        .collect();
    assert_eq!((keys.len(), keys.first()), (2, keys.last()));
    let log = acme.owner().get("/notifications?state=failed&channel=sms").await.expect(200);
    assert_eq!(log.column("reason"), ["the provider refused it: HTTP 400"]);
    assert_eq!(log.column("to"), ["+4315885801"]);
}

/// Without a provider, development reads them beside the letters.
#[tokio::test]
async fn development_has_a_mailbox() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("+4315885801"), task("ada@example.com")], true).await;
    assert_eq!(platform.texts_to("+4315885801").await[0].text, "Acme: Call Charles is due at noon.");
    let shown = platform.anonymous().get("/dev/mailbox").await.expect(200);
    let mut channels = shown.column("channel");
    channels.retain(|channel| *channel == "sms");
    assert_eq!(channels.len(), 1);
    let sms = shown.items().iter().find(|item| item["channel"] == "sms").unwrap();
    assert_eq!((&sms["to"], &sms["text"]), (&"+4315885801".into(), &"Acme: Call Charles is due at noon.".into()));
}

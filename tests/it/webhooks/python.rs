//! What is sent is read by a library of another language, as a receiver of an organization's may use it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Endpoint, Receiver, contact, platform, until};

/// Where `.ci/run` puts it.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/standardwebhooks/bin/python");

const SCRIPT: &str = r#"
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for message in json.load(sys.stdin):
    data = Webhook(message["secret"]).verify(message["text"], message["headers"])
    assert data["type"] == message["type"], data
    for wrong in (message["text"].replace("e", "f", 1), message["text"] + " "):
        try:
            Webhook(message["secret"]).verify(wrong, message["headers"])
        except WebhookVerificationError:
            continue
        sys.exit("a changed message was taken for ours")
    print("verified", message["type"])
"#;

/// Both signatures that are sent while a secret is changed, and each event, are what the library takes for ours.
#[tokio::test]
async fn another_library_verifies_what_is_sent() {
    if !Path::new(PYTHON).exists() {
        assert!(std::env::var_os("CI").is_none(), "{PYTHON} is missing: .ci/run installs it");
        println!("not verified by the library for Python: .ci/run installs it");
        return;
    }
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let receiver = Receiver::content().await;
    let endpoint = Endpoint::make(acme.owner(), &receiver, json!(["contact.*"])).await;
    let rotated = acme.owner().post(&format!("{}/secret", endpoint.path), json!({})).await.expect(200);
    acme.owner().post(&format!("{}/test", endpoint.path), json!({})).await.expect(200);
    contact(acme.owner(), "Lovelace").await;
    until(&platform, &acme, false, || receiver.got().len() >= 2).await;

    let mut messages = Vec::new();
    for got in receiver.got() {
        for secret in [endpoint.secret.as_str(), rotated.body["secret"].as_str().unwrap()] {
            let headers: Value = ["webhook-id", "webhook-timestamp", "webhook-signature"]
                .iter()
                .map(|name| ((*name).to_owned(), json!(got.headers[*name].to_str().unwrap())))
                .collect();
            messages.push(json!({ "secret": secret, "text": got.text, "headers": headers, "type": got.kind() }));
        }
    }
    let verified = tokio::task::spawn_blocking(move || verify(&messages)).await.unwrap();
    assert_eq!(verified.lines().filter(|line| line.starts_with("verified contact.created")).count(), 2, "{verified}");
    assert_eq!(verified.lines().filter(|line| line.starts_with("verified webhook.test")).count(), 2, "{verified}");
}

fn verify(messages: &[Value]) -> String {
    let mut command = Command::new(PYTHON);
    let python = command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = python.spawn().unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), messages).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

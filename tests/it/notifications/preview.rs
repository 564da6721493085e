//! `POST /notification-templates/{kind}/{channel}/{language}/preview`

use serde_json::json;

use super::task;
use crate::platform;

const TASK: &str = "/notification-templates/task-due/email/en/preview";

/// It shows what would be sent: the words that hold, or those of a draft, with examples or the values given.
#[tokio::test]
async fn a_draft_is_shown_and_not_kept() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let shown = owner.post(TASK, json!({})).await.expect(200);
    assert_eq!(shown.body["subject"], "Due: Call Charles about the engine");

    let variables = json!([{ "name": "name", "value": "Grace" }, { "name": "task", "value": "Find\nthe moth" }]);
    let draft = json!({ "subject": "{{ task }}!", "variables": variables });
    let shown = owner.post(TASK, draft).await.expect(200);
    assert_eq!(shown.body["subject"], "Find the moth!");
    let body = shown.body["body"].as_str().unwrap();
    assert!(body.starts_with("Hello Grace,\n") && body.ends_with("\nAcme\n"), "{body}");
    assert_eq!(shown.body["characters"], body.chars().count());

    acme.notify([task("ada@example.com")], true).await;
    assert_eq!(platform.letters_to("ada@example.com").await[0].subject, "Due: Call Charles");
    let sms = "/notification-templates/task-due/sms/de/preview";
    let shown = owner.post(sms, json!({})).await.expect(200);
    assert_eq!(
        (&shown.body["subject"], shown.body["body"].as_str().unwrap().contains("ist fällig")),
        (&json!(null), true)
    );
}

/// Values are said as they stand, whatever they look like.
#[tokio::test]
async fn values_are_never_rendered() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for hostile in ["{{ organization }}", "{% for x in y %}", "{{ 7 * 7 }}", "{# gone #}", "<b>&amp;</b>", "\"quoted\""]
    {
        let variables = json!([{ "name": "task", "value": hostile }]);
        let shown =
            acme.owner().post(TASK, json!({ "body": "[{{ task }}]", "variables": variables })).await.expect(200);
        assert_eq!(shown.body["body"], format!("[{hostile}]"));
    }
    acme.notify([task("ada@example.com").with("name", "{{ task }}\r\nBcc: eve@example.com")], true).await;
    let letter = platform.letters_to("ada@example.com").await.pop().unwrap();
    assert!(letter.text.starts_with("Hello {{ task }} Bcc: eve@example.com,\n"), "{}", letter.text);
}

/// What is wrong is told as it would be when it is stored.
#[tokio::test]
async fn faults_are_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let refused = owner.post(TASK, json!({ "body": "a\n{{ zebra }}" })).await.problem(422, "invalid");
    assert!(refused.reason("/body").starts_with("line 2: ") && !refused.text.contains("zebra"), "{}", refused.text);
    let variables = json!([{ "name": "zebra", "value": "x" }]);
    let refused = owner.post(TASK, json!({ "variables": variables })).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/variables/0/name"]);
    let long = "x".repeat(4000);
    let variables = json!([{ "name": "text", "value": long }]);
    let body = "{{ text }}".repeat(4);
    let path = "/notification-templates/announcement/email/en/preview";
    let refused = owner.post(path, json!({ "body": body, "variables": variables })).await.problem(422, "invalid");
    assert!(refused.reason("/body").contains("at most 10000 characters"), "{}", refused.text);
    let nested = format!("{}{}", "{% if name %}".repeat(700), "{% endif %}".repeat(70));
    owner.post(TASK, json!({ "body": nested })).await.problem(422, "invalid");
}

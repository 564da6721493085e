//! `GET /notifications`

use serde_json::json;

use super::{news, task};
use crate::platform;
use crate::support::superuser_in;

/// What was posted is listed, newest first, by page and by filter, and by nobody else.
#[tokio::test]
async fn it_tells_what_became_of_each() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    acme.notify([task("ada@example.com")], true).await;
    acme.notify([task("+4315885801")], true).await;
    acme.notify([news("ada@example.com")], true).await;
    platform.letters_to("ada@example.com").await;
    let list = async |query: &str| acme.owner().get(&format!("/notifications{query}")).await.expect(200);
    let all = list("").await;
    assert_eq!(all.column("kind"), ["announcement", "task-due", "task-due"]);
    assert_eq!(all.column("to"), ["ada@example.com", "+4315885801", "ada@example.com"]);
    assert_eq!(all.column("state"), ["suppressed", "sent", "sent"]);
    assert_eq!(list("?kind=task-due&to=ADA@example.com").await.items(), [all.items()[2].clone()]);
    assert_eq!(list("?channel=sms").await.items(), [all.items()[1].clone()]);
    assert_eq!(list("?state=suppressed").await.items(), [all.items()[0].clone()]);
    let page = list("?limit=2").await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(list(&format!("?limit=2&cursor={cursor}")).await.items(), [all.items()[2].clone()]);
    assert!(other.owner().get("/notifications").await.expect(200).items().is_empty());
    acme.member().await.get("/notifications").await.problem(403, "forbidden");
    assert!(!all.text.contains("Charles"), "{}", all.text);
}

/// An organization's role adds to it, and changes nothing of what the platform has noted.
#[tokio::test]
async fn states_are_the_platforms() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("ada@example.com")], true).await;
    platform.letters_to("ada@example.com").await;
    let database = superuser_in(&platform, &acme).await;
    let schema = acme.tenant().schema();
    database.batch_execute(&format!("SET ROLE {schema}; SET search_path TO {schema}")).await.unwrap();
    for sql in [
        "UPDATE notices SET state = 'waiting'",
        "ALTER TABLE notices DISABLE TRIGGER take_notice",
        "SELECT platform.end_notice(gen_random_uuid(), gen_random_uuid(), 'sent', 'failed', 'x')",
        "SELECT platform.post_notices(gen_random_uuid(), '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT platform.withdraw_consent(gen_random_uuid(), 'a', 'email', 'x')",
        "INSERT INTO platform.outbox (id, topic) VALUES (gen_random_uuid(), 'mail')",
    ] {
        let refused = database.batch_execute(sql).await.expect_err(sql);
        assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{sql}: {refused:?}");
    }
    // What it writes by itself is a notice that nobody can read.
    let forged = "INSERT INTO notices (id, kind, channel, recipient, payload, state, created_at)
        VALUES (gen_random_uuid(), 'task-due', 'email', 'eve@example.com', 'forged', 'sent', now() - interval '1 year')";
    database.batch_execute(forged).await.unwrap();
    database.batch_execute("RESET ROLE").await.unwrap();
    assert!(platform.letters_to("eve@example.com").await.is_empty());
    let log = acme.owner().get("/notifications?to=eve@example.com").await.expect(200);
    assert_eq!(
        (log.column("state"), log.column("reason")),
        (vec!["failed"], vec!["it was sealed with another secret"])
    );
}

/// It is kept for 90 days.
#[tokio::test]
async fn it_forgets() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.notify([task("ada@example.com"), task("bob@example.com")], true).await;
    platform.letters_to("ada@example.com").await;
    let database = superuser_in(&platform, &acme).await;
    let age = "UPDATE notices SET created_at = now() - interval '91 days' WHERE recipient = 'ada@example.com'";
    assert_eq!(database.execute(age, &[]).await.unwrap(), 1);
    let listed = acme.owner().get("/notifications").await.expect(200);
    assert_eq!(listed.column("to"), ["bob@example.com"]);
    database
        .batch_execute("UPDATE platform.schedules SET due_at = now() WHERE job = 'notifications/forget-notices'")
        .await
        .unwrap();
    tenantry_core::worker::Worker::new(platform.platform().clone()).look_at_clock().await.unwrap();
    database.batch_execute("NOTIFY outbox").await.unwrap();
    platform.letters_to("ada@example.com").await;
    let left = database.query_one("SELECT count(*) FROM notices", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!((left, json!(listed.items()).as_array().unwrap().len()), (1, 1));
}

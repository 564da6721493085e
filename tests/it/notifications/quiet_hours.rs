//! Quiet hours: notices wait for their end. When that is, on the days of changing clocks too, is tested beside `quiet.rs`.

use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};
use tokio_postgres::Client;

use super::task;
use crate::platform;
use crate::support::count;

/// Quiet for the twelve hours around this moment.
async fn hush(organization: &TestOrganization, database: &Client) -> String {
    let hour = |shift: i32| async move {
        let sql = "SELECT to_char((now() + make_interval(hours => $1)) AT TIME ZONE 'Pacific/Kiritimati', 'HH24:MI')";
        database.query_one(sql, &[&shift]).await.unwrap().get::<_, String>(0)
    };
    let (from, until) = (hour(-6).await, hour(6).await);
    let patch = json!({ "quiet_hours": { "from": from, "until": until }, "time_zone": "Pacific/Kiritimati" });
    organization.owner().patch("/notification-settings", "\"1\"", patch).await.expect(200).header("etag").to_owned()
}

async fn platform_and_database() -> (TestPlatform, Client) {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    (platform, database)
}

/// A notice waits, one about access to an account does not, and when it is its time the notice goes out.
#[tokio::test]
async fn notices_wait_for_their_end() {
    let (platform, database) = platform_and_database().await;
    let acme = platform.organization("Acme").await;
    let etag = hush(&acme, &database).await;
    acme.notify([task("ada@example.com"), task("+4315885801")], true).await;
    acme.owner().post("/invitations", json!({ "emails": ["bob@example.com"], "role": "viewer" })).await.expect(201);
    assert_eq!(platform.letters_to("bob@example.com").await.len(), 1);
    assert!(platform.letters_to("ada@example.com").await.is_empty());
    let waiting = acme.owner().get("/notifications?state=waiting").await.expect(200);
    assert_eq!(waiting.items().len(), 2);

    // Waiting is no attempt, and the time is the end of the window.
    let deferred = "SELECT count(*) FROM platform.outbox WHERE attempts = 0 AND dead_at IS NULL AND reason IS NULL
        AND due_at BETWEEN now() + interval '5 hours 58 minutes' AND now() + interval '6 hours 1 minute'";
    assert_eq!(count(&database, deferred).await, 2);

    // Whoever comes back too early waits on; once it is loud again, it is sent.
    let due = "UPDATE platform.outbox SET due_at = now(), turn = now()";
    database.batch_execute(due).await.unwrap();
    assert!(platform.letters_to("ada@example.com").await.is_empty());
    assert_eq!(count(&database, deferred).await, 2);
    acme.owner().patch("/notification-settings", &etag, json!({ "quiet_hours": null })).await.expect(200);
    database.batch_execute(due).await.unwrap();
    database.batch_execute("NOTIFY outbox").await.unwrap();
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 1);
    assert_eq!(platform.texts_to("+4315885801").await.len(), 1);
}

/// One organization's night is not another's.
#[tokio::test]
async fn each_organization_has_its_own() {
    let (platform, database) = platform_and_database().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    hush(&acme, &database).await;
    acme.notify([task("ada@example.com")], true).await;
    other.notify([task("ada@example.com")], true).await;
    let letters = platform.letters_to("ada@example.com").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.ends_with("Other\n"), "{}", letters[0].text);
}

/// An organization that is suspended by then is silent, and will find out why.
#[tokio::test]
async fn a_suspended_organization_is_silent() {
    let (platform, database) = platform_and_database().await;
    let acme = platform.organization("Acme").await;
    hush(&acme, &database).await;
    acme.notify([task("ada@example.com")], true).await;
    assert!(platform.letters_to("ada@example.com").await.is_empty());
    let status = |status: &str| format!("UPDATE platform.tenants SET status = '{status}'; NOTIFY outbox");
    database.batch_execute(&status("suspended")).await.unwrap();
    database.batch_execute("UPDATE platform.outbox SET due_at = now(), turn = now()").await.unwrap();
    assert!(platform.letters_to("ada@example.com").await.is_empty());
    database.batch_execute(&status("active")).await.unwrap();
    let log = acme.sign_in(None).await.get("/notifications").await.expect(200);
    assert_eq!((log.column("state"), log.column("reason")), (vec!["failed"], vec!["the organization is not active"]));
}

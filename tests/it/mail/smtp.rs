//! Delivery by SMTP: letters arrive, come back, are put off, and survive the death of their worker.

use tenantry_core::testing::TestPlatform;
use tenantry_core::worker::Worker;
use tokio_postgres::Client;

use super::letter;
use super::relay::Relay;
use crate::support::count;

async fn platform(relay: &Relay) -> (TestPlatform, Client) {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.mail.smtp = Some(relay.url.parse().unwrap());
        config.mail.from = "Acme <no-reply@acme.example>".parse().unwrap();
    });
    let platform = platform.await;
    let database = platform.database().superuser().await;
    (platform, database)
}

/// Until nothing is due or in flight.
async fn settle(platform: &TestPlatform, database: &Client) {
    let due = "SELECT count(*) FROM platform.outbox
        WHERE dead_at IS NULL AND (due_at <= now() OR attempts > 0 AND reason IS NULL)";
    let worker = Worker::new(platform.platform().clone());
    while count(database, due).await > 0 {
        worker.turn().await.unwrap();
        tokio::task::yield_now().await;
    }
}

/// What arrives is the letter, from whom the configuration says, with one subject and no header of a stranger's.
#[tokio::test]
async fn a_letter_arrives() {
    let relay = Relay::start().await;
    let (platform, database) = platform(&relay).await;
    platform.post(letter("ada@example.com")).await;
    settle(&platform, &database).await;
    let messages = relay.messages();
    assert_eq!(messages.len(), 1);
    let (head, body) = messages[0].split_once("\n\n").unwrap();
    let has = |line: &str| assert!(head.lines().any(|own| own == line), "{line}:\n{head}");
    has("From: Acme <no-reply@acme.example>");
    has("To: ada@example.com");
    has("Subject: Ein Brief Bcc: eve@example.com");
    assert!(head.contains("Message-ID: <") && head.contains("@acme.example>") && head.contains("Date: "), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(body.contains("canary zo"), "{body}");
    assert_eq!(platform.anonymous().get("/dev/mailbox").await.status, 404);
}

/// A mailbox that does not exist gets no second letter; what the relay said, which may name somebody, is not kept.
#[tokio::test]
async fn a_refused_letter_is_set_aside() {
    let relay = Relay::start().await;
    let (platform, database) = platform(&relay).await;
    platform.post(letter("refused@example.com")).await;
    platform.post(letter("no address")).await;
    platform.post(letter("ada@example.com")).await;
    settle(&platform, &database).await;
    assert_eq!(relay.messages().len(), 1, "one does not hold up another");
    let rows = database.query("SELECT reason FROM platform.outbox WHERE dead_at IS NOT NULL ORDER BY 1", &[]).await;
    let reasons: Vec<String> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(reasons, ["the address is none that mail can be sent to", "the relay refused it: SMTP 550"]);
}

/// What is put off is tried again later, each time after a longer wait.
#[tokio::test]
async fn a_letter_that_is_put_off_comes_again() {
    let relay = Relay::start().await;
    let (platform, database) = platform(&relay).await;
    platform.post(letter("later@example.com")).await;
    settle(&platform, &database).await;
    let mut waits = Vec::new();
    for attempts in 1_i16..=3 {
        let sql = "SELECT attempts, reason, extract(epoch FROM due_at - now())::float8 FROM platform.outbox";
        let row = database.query_one(sql, &[]).await.unwrap();
        assert_eq!((row.get(0), row.get(1)), (attempts, "the relay could not take it: SMTP 451"));
        waits.push(row.get::<_, f64>(2));
        // The time has come, and the last attempt's reason with it.
        let due = "UPDATE platform.outbox SET due_at = now(), reason = NULL";
        database.execute(due, &[]).await.unwrap();
        settle(&platform, &database).await;
    }
    assert!(waits[0] < waits[1] && waits[1] < waits[2], "{waits:?}");

    // Another letter makes this relay willing.
    platform.post(letter("ada@example.com")).await;
    for _ in 0..2 {
        settle(&platform, &database).await;
        let due = "UPDATE platform.outbox SET due_at = now(), reason = NULL WHERE attempts > 2";
        database.execute(due, &[]).await.unwrap();
    }
    settle(&platform, &database).await;
    assert_eq!(relay.messages().len(), 2);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.outbox").await, 0);
}

/// After the last attempt it is set aside.
#[tokio::test]
async fn the_last_attempt_is_the_last() {
    let relay = Relay::start().await;
    let (platform, database) = platform(&relay).await;
    platform.post(letter("later@example.com")).await;
    settle(&platform, &database).await;
    database.execute("UPDATE platform.outbox SET due_at = now(), reason = NULL, attempts = 9", &[]).await.unwrap();
    settle(&platform, &database).await;
    let row =
        database.query_one("SELECT dead_at IS NOT NULL, attempts, reason FROM platform.outbox", &[]).await.unwrap();
    assert_eq!((row.get(0), row.get(1), row.get(2)), (true, 10_i16, "the relay could not take it: SMTP 451"));
}

/// A worker that dies with a letter in its hands leaves it to the next one.
#[tokio::test]
async fn a_worker_that_dies_loses_no_letter() {
    let relay = Relay::start().await;
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.mail.mailbox = false).await;
    let database = platform.database().superuser().await;
    let mut config = platform.platform().config().clone();
    config.mail.smtp = Some(relay.url.parse().unwrap());
    let modules = platform.platform().modules().clone();
    let start = || {
        let (config, modules, database) = (config.clone(), modules.clone(), platform.database());
        tenantry_core::platform::Platform::start(config, database.logins().clone(), database.secret(), modules)
    };
    let second = start().await.unwrap();
    let first = tokio::spawn(Worker::new(start().await.unwrap()).run(std::future::pending()));
    platform.post(letter("hang@example.com")).await;
    relay.hangs().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    // Until the lease ends it is nobody else's.
    let worker = Worker::new(second);
    worker.turn().await.unwrap();
    let row = database.query_one("SELECT attempts, due_at > now() + interval '30 seconds' FROM platform.outbox", &[]);
    let row = row.await.unwrap();
    assert_eq!((row.get(0), row.get(1)), (1_i16, true));
    database.execute("UPDATE platform.outbox SET due_at = now()", &[]).await.unwrap();
    let next = tokio::spawn(async move { worker.turn().await });
    relay.hangs().await;
    next.abort();
    assert_eq!(
        count(&database, "SELECT count(*) FROM platform.outbox WHERE attempts = 2 AND dead_at IS NULL").await,
        1
    );
}

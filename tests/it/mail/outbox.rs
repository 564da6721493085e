//! The table `platform.outbox`: what stands in it, for how long, and who takes it.

use futures_util::future::join_all;
use tenantry_core::testing::TestPlatform;
use tenantry_core::worker::Worker;

use super::letter;
use crate::platform;
use crate::support::count;

const WAITING: &str = "SELECT count(*) FROM platform.outbox WHERE dead_at IS NULL";

/// A copy of the database tells neither what a letter says nor to whom; once delivered, nothing of it is left.
#[tokio::test]
async fn a_letter_stands_there_sealed_and_only_until_it_is_delivered() {
    let idle = TestPlatform::start_with(tenantry::MODULES, |config| config.mail.mailbox = false).await;
    let database = idle.database().superuser().await;
    for _ in 0..2 {
        idle.post(letter("ada@example.com")).await;
    }
    let rows = database.query("SELECT o.payload, o::text FROM platform.outbox o", &[]).await.unwrap();
    let payloads: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
    assert_ne!(payloads[0], payloads[1]);
    for row in &rows {
        let (payload, text) = (row.get::<_, Vec<u8>>(0), row.get::<_, String>(1));
        for word in ["canary", "ada@", "example", "Brief"] {
            assert!(!payload.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
            assert!(!text.contains(word), "{text}");
        }
    }

    let platform = platform().await;
    platform.post(letter("ada@example.com")).await;
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 1);
    assert_eq!(count(&platform.database().superuser().await, "SELECT count(*) FROM platform.outbox").await, 0);
}

/// However many workers there are, each message is one worker's.
#[tokio::test]
async fn workers_share_the_work() {
    let platform = platform().await;
    let addresses: Vec<String> = (0..60).map(|n| format!("p{n}@example.com")).collect();
    let workers: Vec<Worker> = (0..6).map(|_| Worker::new(platform.platform().clone())).collect();
    let posting = join_all(addresses.iter().map(|address| platform.post(letter(address))));
    let working = join_all(workers.iter().map(async |worker| {
        for _ in 0..12 {
            worker.turn().await.unwrap();
        }
    }));
    futures_util::future::join(posting, working).await;
    for address in &addresses {
        assert_eq!(platform.letters_to(address).await.len(), 1, "{address}");
    }
}

/// A message that was sealed with another secret, or whose worker died each time, is set aside with its reason.
#[tokio::test]
async fn what_cannot_be_done_becomes_a_dead_letter() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let foreign = "INSERT INTO platform.outbox (id, topic, payload) VALUES (gen_random_uuid(), 'mail', 'nonsense')";
    database.execute(foreign, &[]).await.unwrap();
    let worker = Worker::new(platform.platform().clone());
    while count(&database, WAITING).await > 0 {
        worker.turn().await.unwrap();
    }
    let row = database.query_one("SELECT reason, attempts FROM platform.outbox", &[]).await.unwrap();
    assert_eq!((row.get(0), row.get(1)), ("it was sealed with another secret", 1_i16));

    // Letters that nobody could deliver for days would no longer be understood; their rows go after a month.
    let idle = TestPlatform::start_with(tenantry::MODULES, |config| config.mail.mailbox = false).await;
    idle.post(letter("ada@example.com")).await;
    let database = idle.database().superuser().await;
    let age = "UPDATE platform.outbox SET created_at = now() - interval '4 days'";
    database.execute(age, &[]).await.unwrap();
    Worker::new(idle.platform().clone()).sweep().await.unwrap();
    assert_eq!(count(&database, WAITING).await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.outbox").await, 1);
    database.execute("UPDATE platform.outbox SET dead_at = now() - interval '31 days'", &[]).await.unwrap();
    Worker::new(idle.platform().clone()).sweep().await.unwrap();
    assert_eq!(count(&database, "SELECT count(*) FROM platform.outbox").await, 0);
}

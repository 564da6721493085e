//! The database's connections: all taken, or held by a statement that does not end.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};

use crate::support::superuser_in;

const LONG: Duration = Duration::from_secs(15);

/// One connection for all, and little patience.
async fn narrow() -> (TestPlatform, TestOrganization) {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| {
        config.pool.lanes = 1;
        config.pool.spread = 0;
        config.pool.wait = Duration::from_millis(500);
        config.pool.statement_timeout = Duration::from_millis(1500);
    })
    .await;
    let acme = platform.organization("Acme").await;
    acme.owner().get("/contacts").await.expect(200);
    (platform, acme)
}

/// The first answer that is a success, once what stood in the way is gone.
async fn recovers(acme: &TestOrganization) {
    let began = Instant::now();
    while acme.owner().get("/contacts").await.status != 200 {
        assert!(began.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Who finds all connections taken waits a little and is told to come again; health is as good as ever.
#[tokio::test]
async fn a_taken_pool_is_503_and_health_is_well() {
    let (platform, acme) = narrow().await;
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("BEGIN; LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE").await.unwrap();

    let began = Instant::now();
    let waiting = join_all((0..10).map(|_| acme.owner().get("/contacts")));
    let health = async {
        for _ in 0..5 {
            platform.anonymous().get("/health").await.expect(200);
            platform.anonymous().get("/health/ready").await.expect(200);
        }
    };
    let (replies, ()) = futures_util::future::join(waiting, health).await;
    for reply in replies {
        assert_eq!(reply.problem(503, "unavailable").header("retry-after"), "1");
    }
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());

    database.batch_execute("ROLLBACK").await.unwrap();
    recovers(&acme).await;
}

/// A statement that takes too long is cut, nothing of it stays, and its connection serves the next.
#[tokio::test]
async fn a_slow_statement_is_cut() {
    let (platform, acme) = narrow().await;
    let database = superuser_in(&platform, &acme).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
        CREATE TRIGGER slow BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION slow()";
    database.batch_execute(slow).await.unwrap();

    let began = Instant::now();
    let cut = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.problem(503, "unavailable");
    assert_eq!(cut.header("retry-after"), "1");
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
    recovers(&acme).await;
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());

    database.batch_execute("DROP TRIGGER slow ON contacts").await.unwrap();
    acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
}

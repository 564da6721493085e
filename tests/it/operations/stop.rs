//! Stopping: what is in flight is finished.

use std::time::{Duration, Instant};

use serde_json::json;
use tenantry_core::testing::{TestDatabase, TestPlatform};
use tokio::net::TcpStream;

use super::program::Server;
use crate::support::{count, superuser_in};

/// Requests that are in flight when the server is told to stop are answered; no new connection is taken.
#[tokio::test]
async fn requests_in_flight_are_answered() {
    let mut platform = TestPlatform::start_with(tenantry::MODULES, |config| config.pool.lanes = 8).await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END';
        CREATE TRIGGER slow BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION slow()";
    database.batch_execute(slow).await.unwrap();

    let requests: Vec<_> = (0..4)
        .map(|_| {
            let owner = acme.owner().clone();
            tokio::spawn(async move { owner.post("/contacts", json!({ "last_name": "X" })).await })
        })
        .collect();
    let began = Instant::now();
    let sleeping =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while count(&database, sleeping).await < 4 {
        assert!(began.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(platform.stop().await.aborted, 0);
    for request in requests {
        request.await.unwrap().expect(201);
    }
    assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, 4);
    assert!(TcpStream::connect(platform.address()).await.is_err());
}

/// SIGTERM under load: no request that got an answer got a failure, and the process ends well.
#[tokio::test]
async fn the_program_stops_under_load() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database).await;
    let body = json!({
        "email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada",
        "organization": { "name": "Acme" },
    });
    let (_, session) = server.post("/api/v1/auth/register", &body).await;
    let token = session["access_token"].as_str().unwrap().to_owned();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let request = server.request("POST", "/api/v1/contacts").bearer_auth(&token);
            let request = request.json(&json!({ "last_name": "X" }));
            tokio::spawn(async move {
                let mut made = 0;
                // Until the server takes no connection any more.
                while let Ok(response) = request.try_clone().unwrap().send().await {
                    assert_eq!(response.status(), 201);
                    made += 1;
                }
                made
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (status, said) = server.terminate().await;
    assert!(status.success() && said.ends_with("stopped\n") && !said.contains("cut off"), "{said}");
    let mut made = 0;
    for worker in workers {
        made += worker.await.unwrap();
    }
    let superuser = database.superuser().await;
    let row =
        superuser.query_one("SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants", &[]).await.unwrap();
    let stored = count(&superuser, &format!("SELECT count(*) FROM {}.contacts", row.get::<_, String>(0))).await;
    assert!(made > 0 && stored >= made, "{made} were acknowledged, {stored} are stored");
}

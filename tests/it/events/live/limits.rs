//! How many may listen.

use std::time::{Duration, Instant};

use tenantry_core::testing::TestPlatform;

async fn start(change: impl FnOnce(&mut tenantry_core::config::Config)) -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, change).await
}

/// A session, and an organization, listens so often and no oftener; whoever goes leaves room.
#[tokio::test]
async fn a_session_and_an_organization_have_a_limit() {
    let platform = start(|config| (config.live.per_session, config.live.per_organization) = (2, 3)).await;
    let (acme, bolt) = (platform.organization("Acme").await, platform.organization("Bolt").await);
    let owner = acme.owner();
    let first = owner.listen("/live").await;
    let _second = owner.listen("/live").await;
    let reply = owner.get("/live").await.problem(429, "too_many_listeners");
    assert_eq!((reply.header("retry-after"), reply.header("ratelimit-policy")), ("15", "\"live\";q=2;w=15"));
    let viewer = acme.viewer().await;
    let _third = viewer.listen("/live").await;
    viewer.get("/live").await.problem(429, "too_many_listeners");
    bolt.owner().get("/live").await.expect(200);
    drop(first);
    let began = Instant::now();
    while viewer.get("/live").await.status == 429 {
        assert!(began.elapsed() < Duration::from_secs(10), "who has gone still counts");
    }
}

/// Requests keep a quarter of the connections.
#[tokio::test]
async fn requests_keep_their_connections() {
    let platform = start(|config| config.http.max_connections = 8).await;
    let acme = platform.organization("Acme").await;
    let mut live = Vec::new();
    for _ in 0..6 {
        live.push(acme.owner().listen("/live").await);
    }
    acme.owner().get("/live").await.problem(503, "unavailable");
    acme.owner().get("/contacts").await.expect(200);
}

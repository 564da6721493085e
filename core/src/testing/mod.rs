//! The harness of tests: a real server on a real database, a new one for each test.
//!
//! ```no_run
//! # use tenantry_core::testing::TestPlatform;
//! # use serde_json::json;
//! # async fn test() {
//! let platform = TestPlatform::start(&["clinic", "real-estate"]).await;
//! let acme = platform.organization("Acme").await;
//! let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
//! let viewer = acme.viewer().await;
//! viewer.get(&format!("/contacts/{}", made.id())).await.expect(200);
//! # }
//! ```
//! Feature `testing`. Faults of a test are panics here, as everywhere in tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod client;
mod database;
mod neighbour;
mod operator;
mod organization;

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use client::{Reply, TestClient};
pub use database::TestDatabase;
pub use neighbour::Neighbour;
pub use operator::TestOperator;
pub use organization::TestOrganization;

use crate::config::{AttemptLimits, Config};
use crate::http;
use crate::module::Modules;
use crate::platform::Platform;

/// The password of everybody whom this harness registers.
pub const PASSWORD: &str = "correct horse battery staple";

/// A server with a database of its own. Both are gone when it is dropped.
pub struct TestPlatform {
    platform: Platform,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<http::server::Served>>,
    database: TestDatabase,
}

impl TestPlatform {
    /// Starts a server with the configuration that tests have. `modules` are those that the test is linked with.
    pub async fn start(modules: &[&str]) -> Self {
        Self::start_with(modules, |_| {}).await
    }

    /// The same, with the configuration changed.
    pub async fn start_with(modules: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        // An answer does not tell its cause; the log does, and cargo shows it with the test that failed.
        let log = tracing_subscriber::fmt().with_test_writer().with_ansi(false).with_max_level(tracing::Level::WARN);
        drop(log.try_init());
        let mut config = Config::default();
        config.pool.lanes = 4;
        // All tests come from one address.
        config.identity.attempts = AttemptLimits::none();
        change(&mut config);
        let database = TestDatabase::create().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let modules = Modules::collect(modules).expect("modules that fit together");
        let platform = Platform::start(config.clone(), database.logins().clone(), database.secret(), modules);
        let platform = platform.await.expect("a platform that starts");
        let site = http::site(platform.clone()).expect("routes that fit together");
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let edge = http::server::edge(site, &config.http);
            http::server::serve(listener, edge, &config.http, async move { drop(stopped.await) }).await
        });
        Self { platform, address, stop: Some(stop), server: Some(server), database }
    }

    /// Registers a person and founds an organization, over HTTP.
    pub async fn organization(&self, name: &str) -> TestOrganization {
        TestOrganization::register(self, name).await
    }

    /// A client that is not signed in.
    pub fn anonymous(&self) -> TestClient {
        TestClient::new(self.address, None)
    }

    /// Starts another server on the same database, as another process would be.
    pub async fn beside(&self) -> Neighbour {
        Neighbour::of(self).await
    }

    /// Makes an operator and signs it in.
    pub async fn operator(&self) -> TestOperator {
        TestOperator::sign_in(self).await
    }

    /// A client with any token.
    pub fn client(&self, token: &str) -> TestClient {
        TestClient::new(self.address, Some(token))
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The database, for a look behind the server.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The platform behind the server.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Stops the server as SIGTERM would, and tells how that went.
    pub async fn stop(&mut self) -> http::server::Served {
        drop(self.stop.take());
        self.server.take().expect("a server that was not stopped yet").await.expect("a server that did not panic")
    }
}

impl Drop for TestPlatform {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }
}

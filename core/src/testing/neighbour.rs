//! Another process of an installation, as far as a test can see: it shares the database, and nothing else.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{TestClient, TestPlatform};
use crate::http;

/// A second server on the database of a [`TestPlatform`].
pub struct Neighbour {
    address: SocketAddr,
    server: JoinHandle<http::server::Served>,
}

impl Neighbour {
    pub(super) async fn of(platform: &TestPlatform) -> Self {
        let (own, database) = (platform.platform(), platform.database());
        let (config, modules) = (own.config().clone(), own.modules().clone());
        let other = super::start(database, config, modules).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = super::serve(database, &other, listener, std::future::pending());
        Self { address, server }
    }

    /// A client with any token.
    pub fn client(&self, token: &str) -> TestClient {
        TestClient::new(self.address, Some(token))
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.server.abort();
    }
}

//! Egress: the one way out for requests to addresses of tenants' choosing.
//!
//! Whoever may name an address that the server calls could otherwise have it call what only the server reaches: itself, its
//! database, the cloud's metadata. So the check stands where the connection is made, on the address that is connected to:
//! no spelling of a name or number gets around it, nor does a name that is somebody else's a moment later.
//!
//! - this file: the client; `address.rs`: which addresses are public; `guard.rs`: the check;
//! - `target.rs`: an address as somebody writes it; `outcome.rs`: what came of a request.
//!
//! There are no redirects, no proxies, no cookies and no decompression. Operators allow networks for development:
//! `TENANTRY_EGRESS_ALLOW`.

mod address;
mod guard;
mod outcome;
mod target;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use reqwest::dns::Resolve;
use reqwest::{Client, redirect};

pub use address::is_public;
use guard::{Guard, Names};
pub use outcome::{Answered, EgressError, Outcome};
pub use target::Target;

use crate::config::EgressConfig;
use crate::tenancy::client_tls;

/// How much of an answer is read, in bytes. What follows is left on the wire.
pub const ANSWER_READ: usize = 64 * 1024;

/// Sends requests to addresses that tenants have chosen. Cloning it is cheap.
#[derive(Clone)]
pub struct Egress {
    guard: Arc<Guard>,
    /// For addresses with `https`.
    secure: Client,
    /// For those with `http`, which reaches allowed networks alone.
    plain: Client,
}

impl Egress {
    /// A client that asks the operating system for names.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn new(config: &EgressConfig) -> Result<Self, reqwest::Error> {
        Self::resolving(config, Arc::new(Names))
    }

    fn resolving(config: &EgressConfig, names: Arc<dyn Resolve>) -> Result<Self, reqwest::Error> {
        let guard = Arc::new(Guard::new(config.allow.clone()));
        let client = |plain| {
            Client::builder()
                .tls_backend_preconfigured(client_tls())
                .dns_resolver(guard::Checked { guard: Arc::clone(&guard), names: Arc::clone(&names), plain })
                .no_proxy()
                .redirect(redirect::Policy::none())
                .referer(false)
                .retry(reqwest::retry::never())
                .connect_timeout(Duration::from_secs(10))
                .pool_max_idle_per_host(2)
                .pool_idle_timeout(Duration::from_secs(20))
                .user_agent(concat!("Tenantry/", env!("CARGO_PKG_VERSION")))
                .build()
        };
        Ok(Self { secure: client(false)?, plain: client(true)?, guard })
    }

    /// Reads an address that requests may be sent to. A name is not looked up: whether it leads to a public address is
    /// found with each connection.
    ///
    /// # Errors
    /// What is wrong with it, in words for the client.
    pub fn target(&self, text: &str) -> Result<Target, &'static str> {
        Target::parse(text, &self.guard)
    }

    /// Posts a body, and waits for the answer as long as `patience`, all in all.
    pub async fn post(&self, target: &Target, headers: HeaderMap, body: Vec<u8>, patience: Duration) -> Outcome {
        let began = Instant::now();
        let exchange = tokio::time::timeout(patience, self.exchange(target, headers, body));
        let result = exchange.await.unwrap_or(Err(EgressError::TimedOut));
        Outcome { took: began.elapsed(), result }
    }

    async fn exchange(&self, target: &Target, headers: HeaderMap, body: Vec<u8>) -> Result<Answered, EgressError> {
        let plain = target.is_plain();
        // A number in the place of a name is connected to without asking for it, so it is checked here.
        if target.number().is_some_and(|address| !self.guard.allows(address, plain)) {
            return Err(EgressError::NotPublic);
        }
        let client = if plain { &self.plain } else { &self.secure };
        let sent = client.post(target.url().clone()).headers(headers).body(body).send().await;
        let mut response = sent.map_err(|error| EgressError::of(&error))?;
        if response.remote_addr().is_some_and(|peer| !self.guard.allows(peer.ip(), plain)) {
            tracing::error!("the egress guard has let a connection pass to where none may go");
            return Err(EgressError::NotPublic);
        }
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while body.len() < ANSWER_READ {
            let Some(chunk) = response.chunk().await.map_err(|error| EgressError::of(&error))? else { break };
            let room = ANSWER_READ - body.len();
            body.extend(chunk.iter().take(room));
        }
        Ok(Answered { status, body })
    }
}

#[cfg(test)]
mod tests;

//! The check: which addresses may be connected to, asked of each answer to a name.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{is_public, translated};

/// Which addresses may be connected to.
pub(super) struct Guard {
    allowed: Vec<IpNet>,
}

/// A name leads to no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
pub(super) struct NotPublic;

/// A name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("the name is not known")]
pub(super) struct Unknown;

impl Guard {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Whether an address may be connected to. Without encryption only an allowed one may.
    pub(super) fn allows(&self, address: IpAddr, plain: bool) -> bool {
        let canonical = match address {
            IpAddr::V6(six) => translated(six).map_or(address, IpAddr::V4),
            IpAddr::V4(_) => address,
        };
        let allowed = self.allowed.iter().any(|net| net.contains(&address) || net.contains(&canonical));
        allowed || (!plain && is_public(address))
    }

    /// Whether any network is allowed at all.
    pub(super) fn allows_some(&self) -> bool {
        !self.allowed.is_empty()
    }
}

/// Answers to names, without those that may not be connected to. The connector connects to what is left, and asks nobody
/// again.
pub(super) struct Checked {
    pub(super) guard: Arc<Guard>,
    pub(super) names: Arc<dyn Resolve>,
    pub(super) plain: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, plain, asked) = (Arc::clone(&self.guard), self.plain, self.names.resolve(name));
        Box::pin(async move {
            let found: Vec<SocketAddr> = asked.await?.collect();
            let open: Vec<SocketAddr> = found.iter().copied().filter(|found| guard.allows(found.ip(), plain)).collect();
            match (found.is_empty(), open.is_empty()) {
                (true, _) => Err(Unknown.into()),
                (false, true) => Err(NotPublic.into()),
                (false, false) => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}

/// Names as the operating system knows them.
pub(super) struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unknown)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

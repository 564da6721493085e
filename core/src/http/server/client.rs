//! Who is calling: the address of the client, and the request's id.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use poem::Request;
use uuid::Uuid;

/// The address of the client: the peer, or what a trusted proxy says. The edge puts it in the request's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

/// The request's id, as the answer's `X-Request-Id` has it. The edge puts it in the request's data.
///
/// It is always ours: an id of the client's choice could forge lines in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl ClientAddr {
    pub(super) fn of(request: &Request, trusted: &[IpNet]) -> Self {
        let peer = request.remote_addr().as_socket_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip);
        let peer = peer.to_canonical();
        if !is_trusted(peer, trusted) {
            return Self(peer);
        }
        // Each proxy appends the address that it saw, so only what stands right of the first untrusted hop is true.
        let mut client = peer;
        let values = request.headers().get_all("x-forwarded-for").iter().rev();
        for hop in values.flat_map(|value| value.to_str().unwrap_or("?").rsplit(',')) {
            let Some(address) = address(hop.trim()) else { break };
            client = address;
            if !is_trusted(address, trusted) {
                break;
            }
        }
        Self(client)
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// An address as proxies write it: bare, or with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    bare.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|address| address.to_canonical())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let (parts, body) = request.finish().into_parts();
        let mut request = http::Request::new(());
        *request.headers_mut() = parts.headers;
        let peer: SocketAddr = format!("{peer}:1").parse().unwrap();
        let remote = poem::web::RemoteAddr(peer.into());
        let (head, ()) = request.into_parts();
        let parts = (head, poem::web::LocalAddr::default(), remote, http::uri::Scheme::HTTP).into();
        let request = Request::from_parts(parts, body);
        ClientAddr::of(&request, &["10.0.0.0/8".parse().unwrap()]).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("8.8.8.8", &["1.2.3.4"]), "8.8.8.8");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.7"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(seen("10.0.0.1", &["::ffff:1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }
}

//! The address that clients use, as an operator writes it.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::Scheme;

/// `http://` or `https://`, a host, perhaps a port and a path; kept without a slash at its end, so that a path can follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// What a variable that holds one should hold.
    pub const EXPECTED: &str = "a URL such as https://api.example.com, without a query";

    /// Where a server can be reached that nobody has given another address.
    pub fn of(bind: SocketAddr) -> Self {
        Self(format!("http://{bind}"))
    }
}

impl FromStr for BaseUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let uri: Uri = text.parse().map_err(|_| ())?;
        let web = uri.scheme().is_some_and(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS);
        let host = uri.authority().is_some_and(|own| !own.host().is_empty() && !own.as_str().contains('@'));
        // `Uri` forgets a fragment.
        if web && host && uri.query().is_none() && !text.contains(['#', '?']) {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err(())
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_an_address_of_the_web_that_a_path_can_follow() {
        for (text, kept) in [
            ("https://api.example.com", "https://api.example.com"),
            ("https://api.example.com/", "https://api.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/base/", "http://[::1]:8080/base"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap().to_string(), kept);
        }
        for text in [
            "",
            "api.example.com",
            "/base",
            "ftp://example.com",
            "https://",
            "https://user:password@example.com",
            "https://example.com?x=1",
            "https://example.com/?",
            "https://example.com/#x",
            "https://exa mple.com",
            "javascript:alert(1)",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}

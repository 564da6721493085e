//! An address as somebody writes it.

use std::net::IpAddr;

use reqwest::Url;

use super::guard::Guard;

/// The longest address, in characters.
pub(super) const LONGEST: usize = 2000;

/// An address that requests may be sent to: `https://`, a host that is no private number, any port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    pub(super) fn parse(text: &str, guard: &Guard) -> Result<Self, &'static str> {
        if text.chars().count() > LONGEST {
            return Err("at most 2000 characters");
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("no blanks or control characters");
        }
        let url = Url::parse(text).map_err(|_| "expected an address such as https://example.com/hooks")?;
        // Written out, signs can take more room than one.
        if url.as_str().len() > LONGEST {
            return Err("at most 2000 characters");
        }
        match url.scheme() {
            "https" => {}
            "http" if guard.allows_some() => {}
            _ => return Err("expected https://"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("no user name and no password: requests are signed instead");
        }
        if url.fragment().is_some() {
            return Err("no part behind #: it is never sent");
        }
        let target = Self(url);
        match (target.0.host_str(), target.number()) {
            (None | Some(""), _) => Err("expected an address such as https://example.com/hooks"),
            (_, Some(number)) if !guard.allows(number, target.is_plain()) => {
                Err("this address is not a public one, or takes https://")
            }
            _ => Ok(target),
        }
    }

    /// In its one spelling: the host in lower case and ASCII, numbers as numbers.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// Whether nothing is encrypted.
    pub(super) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The number that stands in the place of a name, however it was written.
    pub(super) fn number(&self) -> Option<IpAddr> {
        let host = self.0.host_str()?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        bare.parse().ok()
    }
}

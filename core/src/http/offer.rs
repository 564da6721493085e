//! What an operation answers with, against what the client accepts.

use http::{HeaderMap, header};

use super::problem::ApiError;
use crate::files::MediaType;

/// The content of an operation's answers. Problems are JSON everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Offer {
    /// JSON.
    #[default]
    Json,
    /// Server-sent events.
    Events,
    /// A list as a file.
    File,
    /// A file that was kept, of whatever kind it is: nobody knows before asking.
    Kept,
    /// What comes is not an answer in HTTP any more.
    Protocol,
}

impl Offer {
    /// What an operation with these statuses and content types of success offers.
    pub(crate) fn of<'a>(mut successes: impl Iterator<Item = (u16, &'a str)> + Clone) -> Self {
        if successes.clone().any(|(status, _)| status == 101) {
            return Self::Protocol;
        }
        if successes.clone().any(|(_, kind)| kind == MediaType::Pdf.as_str()) {
            return Self::Kept;
        }
        if successes.clone().any(|(_, kind)| kind == CSV) {
            return Self::File;
        }
        if successes.any(|(_, kind)| kind == EVENTS) { Self::Events } else { Self::Json }
    }

    /// Refuses a client that takes nothing of it.
    pub(super) fn check(self, headers: &HeaderMap) -> Result<(), ApiError> {
        let offered: &[&str] = match self {
            Self::Json => &["*/*", "application/*", "application/json", "application/problem+json"],
            Self::Events => &["*/*", "text/*", EVENTS],
            Self::File => &["*/*", "text/*", CSV, "application/*", NDJSON],
            Self::Kept | Self::Protocol => return Ok(()),
        };
        if accepts(headers, offered) { Ok(()) } else { Err(self.refusal()) }
    }

    fn refusal(self) -> ApiError {
        match self {
            Self::Events => {
                ApiError::not_acceptable("This answers with text/event-stream. Name it in Accept, or leave it out.")
            }
            Self::File => ApiError::not_acceptable(
                "This answers with text/csv or application/x-ndjson, as `format` says. Name it in Accept, or leave that out.",
            ),
            Self::Json | Self::Kept | Self::Protocol => ApiError::not_acceptable(
                "Answers are application/json, or application/problem+json. Name one of them in Accept, or leave it out.",
            ),
        }
    }
}

const EVENTS: &str = "text/event-stream";
pub(crate) const CSV: &str = "text/csv";
pub(crate) const NDJSON: &str = "application/x-ndjson";

fn accepts(headers: &HeaderMap, offered: &[&str]) -> bool {
    let mut values = headers.get_all(header::ACCEPT).iter().peekable();
    if values.peek().is_none() {
        return true;
    }
    let takes = |range: &str| is_offered(range, offered);
    values.any(|value| value.to_str().is_ok_and(|list| list.trim().is_empty() || list.split(',').any(takes)))
}

fn is_offered(range: &str, offered: &[&str]) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let refused = |parameter: &str| {
        let quality = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
        quality.is_some_and(|quality| quality.parse::<f32>().is_ok_and(|quality| quality <= 0.0))
    };
    offered.iter().any(|offer| offer.eq_ignore_ascii_case(kind)) && !parts.any(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_must_leave_room_for_what_is_offered() {
        let takes = |list: &'static str, offer: Offer| {
            offer.check(&[(header::ACCEPT, http::HeaderValue::from_static(list))].into_iter().collect()).is_ok()
        };
        assert!(Offer::Json.check(&HeaderMap::new()).is_ok());
        for json in ["text/html, */*;q=0.8", "Application/JSON; charset=utf-8", ""] {
            assert!(takes(json, Offer::Json), "{json}");
        }
        for other in ["text/html", "application/json;q=0", "application/xml, text/*"] {
            assert!(!takes(other, Offer::Json), "{other}");
        }
        assert!(takes("text/event-stream", Offer::Events) && takes("*/*", Offer::Events));
        assert!(!takes("application/json", Offer::Events) && takes("application/json", Offer::Protocol));
    }
}

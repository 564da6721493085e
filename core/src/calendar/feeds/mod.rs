//! Feeds: addresses at which calendar programs read the bookings of one person, without signing in.
//!
//! The address is the secret. It holds organization and feed, sealed, so nobody can make one, and it is good for as long as the feed
//! stands, the person is a member, and the person's role may see the calendar.

mod api;
mod store;

use aws_lc_rs::error::Unspecified;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use icalendar::{Calendar, Component as _, Event, EventStatus};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

pub use api::FeedsApi;

use crate::config::Seal;
use crate::module::PREFIX;
use crate::tenancy::TenantId;
use crate::{record_id, row};

record_id! {
    /// The id of a feed.
    FeedId
}

/// A feed of the caller's own.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

row!(Feed { id, created_at });

/// A feed that was just made.
#[derive(Debug, Serialize, Object)]
pub struct MadeFeed {
    /// Its id.
    pub id: FeedId,
    /// Where a calendar program reads it. It is in this answer and nowhere else; whoever has it reads the bookings.
    pub url: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// Makes and reads the addresses.
pub(crate) struct Feeds {
    seal: Seal,
    base: String,
}

const PLACE: &[u8] = b"calendar feed";

impl Feeds {
    /// `base` is where this API is reached.
    pub(crate) fn new(seal: Seal, base: &str) -> Self {
        Self { seal, base: format!("{}{PREFIX}/calendar/ics", base.trim_end_matches('/')) }
    }

    fn url(&self, tenant: TenantId, feed: FeedId) -> Result<String, Unspecified> {
        let clear = [*tenant.as_uuid().as_bytes(), *feed.as_uuid().as_bytes()].concat();
        Ok(format!("{}/{}", self.base, BASE64_URL_SAFE_NO_PAD.encode(self.seal.close(PLACE, &clear)?)))
    }

    fn read(&self, token: &str) -> Option<(TenantId, FeedId)> {
        let clear = self.seal.open(PLACE, &BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (tenant, feed) = clear.split_at_checked(16)?;
        Some((Uuid::from_slice(tenant).ok()?.into(), Uuid::from_slice(feed).ok()?.into()))
    }
}

/// A booking as a feed has it.
#[derive(Debug, Deserialize)]
struct Entry {
    id: Uuid,
    title: String,
    note: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    starts_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

/// The bookings as a calendar program reads them (RFC 5545).
fn written(name: &str, entries: &[Entry]) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name);
    for entry in entries {
        let mut event = Event::new();
        event.uid(&entry.id.to_string()).summary(&entry.title).status(EventStatus::Confirmed);
        if let Some(note) = &entry.note {
            event.description(note);
        }
        for (property, at) in [
            ("DTSTART", entry.starts_at),
            ("DTEND", entry.ends_at),
            ("DTSTAMP", entry.updated_at),
            ("LAST-MODIFIED", entry.updated_at),
        ] {
            event.add_property(property, stamp(at));
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn stamp(at: OffsetDateTime) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    at.to_offset(time::UtcOffset::UTC).format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// A title cannot bring lines of its own.
    #[test]
    fn words_stay_words() {
        let at = datetime!(2031-01-01 10:00:30 +1);
        let entry = Entry {
            id: Uuid::nil(),
            title: "Tea; cake, talk".to_owned(),
            note: Some("One\nSUMMARY:Two".to_owned()),
            starts_at: at,
            ends_at: at,
            updated_at: at,
        };
        let text = written("Ada", &[entry]);
        assert!(text.contains("DTSTART:20310101T090030Z\r\n"), "{text}");
        assert!(text.contains("SUMMARY:Tea\\; cake\\, talk\r\n"), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("SUMMARY")).count(), 1, "{text}");
    }
}

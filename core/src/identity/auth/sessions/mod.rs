//! Sessions: what a sign-in starts and a log-out ends, and where a person's are.
//!
//! A session is one row of `sessions`, which the door reads with each request. Whatever takes effect at once (log-out,
//! demotion, suspension) changes that row; whatever the row says, no token says otherwise.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub(in crate::identity) use api::SessionsApi;
pub(crate) use store::sweep;

use crate::{record_id, row, sorts};

record_id! {
    /// The id of a session.
    SessionId
}

/// A place where somebody is signed in.
#[derive(Debug, Serialize, Object)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one of this request.
    pub current: bool,
    /// What the program that signed in calls itself (`User-Agent`).
    pub device: Option<String>,
    /// The network address that it was last used from.
    pub address: Option<String>,
    /// The organization that it is for; null where the person has signed in to none.
    pub organization: Option<SessionOrganization>,
    /// When it started.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last got tokens.
    #[serde(with = "time::serde::rfc3339")]
    pub last_used_at: OffsetDateTime,
    /// When it ends by itself if it is not used.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// The organization of a session.
#[derive(Debug, Serialize, Object)]
pub struct SessionOrganization {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A session as it is stored.
pub struct Stored {
    id: SessionId,
    device: Option<String>,
    address: Option<std::net::IpAddr>,
    created_at: OffsetDateTime,
    last_used_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    organization_id: Option<Uuid>,
    organization_slug: Option<String>,
    organization_name: Option<String>,
}

row!(Stored {
    id,
    device,
    address,
    created_at,
    last_used_at,
    expires_at,
    organization_id,
    organization_slug,
    organization_name
});

impl Stored {
    fn shown_to(self, current: Uuid) -> Session {
        let Self { id, device, address, created_at, last_used_at, expires_at, .. } = self;
        let organization = match (self.organization_id, self.organization_slug, self.organization_name) {
            (Some(id), Some(slug), Some(name)) => Some(SessionOrganization { id, slug, name }),
            _ => None,
        };
        let address = address.map(|address| address.to_string());
        let current = id.as_uuid() == current;
        Session { id, current, device, address, organization, created_at, last_used_at, expires_at }
    }
}

sorts! {
    /// How sessions can be sorted.
    pub enum SessionSort of Stored {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |session| session.created_at,
    }
}

//! A session: what a sign-in starts, and the pair of tokens that it hands out.

use std::net::IpAddr;

use http::header;
use poem::Request;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::refresh::RefreshToken;
use crate::http::{ApiError, ClientAddr};
use crate::identity::{Home, Subject};
use crate::permission::{HeldRole, RoleRef};
use crate::platform::Platform;
use crate::tenancy::{Shard, TenantId};

/// The tokens of a session, and whose it is.
#[derive(Debug, Serialize, Object)]
pub struct SignedInAnswer {
    /// For the header `Authorization: Bearer …`.
    pub access_token: String,
    /// For `POST /auth/refresh`, which gives a new pair. Keep it secret.
    pub refresh_token: String,
    /// How to use the access token.
    pub token_type: TokenType,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// The person who signed in.
    pub user: UserAnswer,
    /// The organization that the tokens are for; null for a person who is in none.
    pub organization: Option<OrganizationAnswer>,
}

/// The one way to use an access token.
#[derive(Debug, Clone, Copy, Serialize, Enum)]
pub enum TokenType {
    /// In the header `Authorization`.
    Bearer,
}

/// A person.
#[derive(Debug, Clone, Serialize, Object)]
pub struct UserAnswer {
    /// Its id.
    pub id: Uuid,
    /// The address for signing in.
    pub email: String,
    /// How the person wants to be called.
    pub name: String,
}

/// An organization as its member sees it.
#[derive(Debug, Clone, Serialize, Object)]
pub struct OrganizationAnswer {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What this person may do in it: `viewer`, `member`, `admin`, `owner`, or `custom:` and the id of a role.
    pub role: RoleRef,
}

/// A session that is about to be stored.
pub(super) struct NewSession {
    pub(super) id: Uuid,
    pub(super) expires_at: OffsetDateTime,
    pub(super) from: Origin,
}

/// Where a session is used from.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) device: Option<String>,
    pub(super) address: Option<IpAddr>,
}

impl Origin {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            device: request.header(header::USER_AGENT).map(|agent| agent.chars().take(300).collect()),
            address: request.data::<ClientAddr>().map(|client| client.0),
        }
    }
}

impl NewSession {
    pub(super) fn new(platform: &Platform, request: &Request) -> Self {
        let expires_at = OffsetDateTime::now_utc() + platform.config().identity.session_ttl;
        Self { id: Uuid::now_v7(), expires_at, from: Origin::of(request) }
    }

    /// The answer to a sign-in, once the session is stored.
    pub(super) fn answer(
        &self,
        platform: &Platform,
        user: UserAnswer,
        place: Option<Place>,
    ) -> Result<SignedInAnswer, ApiError> {
        answer(platform, RefreshToken { session: self.id, generation: 0 }, user, place)
    }
}

/// An organization that a session is for, which login serves it, and what the person may do there.
pub(super) struct Place {
    pub(super) shard: Shard,
    pub(super) organization: OrganizationAnswer,
    pub(super) role: HeldRole,
}

/// A pair of tokens of a session, and whose it is.
pub(super) fn answer(
    platform: &Platform,
    refresh: RefreshToken,
    user: UserAnswer,
    place: Option<Place>,
) -> Result<SignedInAnswer, ApiError> {
    let (home, organization) = match place {
        None => (None, None),
        Some(Place { shard, organization, role }) => {
            (Some(Home { tenant: TenantId::from(organization.id), shard, role }), Some(organization))
        }
    };
    let subject = Subject { user: user.id, session: refresh.session, home, support: false };
    let access_token = platform.tokens().sign(&subject).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a token cannot be signed");
        ApiError::internal()
    })?;
    Ok(SignedInAnswer {
        access_token,
        refresh_token: refresh.seal(platform.refresh_key()),
        token_type: TokenType::Bearer,
        expires_in: platform.tokens().ttl(),
        user,
        organization,
    })
}

//! A session: what a sign-in starts, and the pair of tokens that it hands out.

use std::net::IpAddr;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::header;
use poem::Request;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::http::{ApiError, ClientAddr};
use crate::identity::Subject;
use crate::permission::{HeldRole, RoleRef};
use crate::platform::Platform;
use crate::tenancy::{Shard, TenantId};

/// The tokens of a session, and whose it is.
#[derive(Debug, Serialize, Object)]
pub struct SignedInAnswer {
    /// For the header `Authorization: Bearer …`.
    pub access_token: String,
    /// For a new pair when the access token has expired. Keep it secret.
    pub refresh_token: String,
    /// How to use the access token.
    pub token_type: TokenType,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// The person who signed in.
    pub user: UserAnswer,
    /// The organization that the tokens are for.
    pub organization: OrganizationAnswer,
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
    pub(super) refresh_hash: Vec<u8>,
    pub(super) expires_at: OffsetDateTime,
    pub(super) device: Option<String>,
    pub(super) address: Option<IpAddr>,
    refresh_token: String,
}

impl NewSession {
    pub(super) fn new(platform: &Platform, request: &Request) -> Result<Self, ApiError> {
        let mut secret = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| ApiError::internal())?;
        let refresh_token = format!("tnr_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
        Ok(Self {
            id: Uuid::now_v7(),
            refresh_hash: digest::digest(&digest::SHA256, refresh_token.as_bytes()).as_ref().to_vec(),
            expires_at: OffsetDateTime::now_utc() + platform.config().identity.session_ttl,
            device: request.header(header::USER_AGENT).map(|agent| agent.chars().take(300).collect()),
            address: request.data::<ClientAddr>().map(|client| client.0),
            refresh_token,
        })
    }

    /// The answer to a sign-in, once the session is stored.
    pub(super) fn answer(
        self,
        platform: &Platform,
        shard: Shard,
        user: UserAnswer,
        organization: OrganizationAnswer,
        role: HeldRole,
    ) -> Result<SignedInAnswer, ApiError> {
        let subject = Subject { user: user.id, tenant: TenantId::from(organization.id), shard, session: self.id, role };
        let access_token = platform.tokens().sign(&subject).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a token cannot be signed");
            ApiError::internal()
        })?;
        Ok(SignedInAnswer {
            access_token,
            refresh_token: self.refresh_token,
            token_type: TokenType::Bearer,
            expires_in: platform.tokens().ttl(),
            user,
            organization,
        })
    }
}

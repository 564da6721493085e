//! One-time tokens: what a letter carries, to prove that somebody reads the mail of an address.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use uuid::Uuid;

use crate::http::ApiError;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Purpose {
    VerifyEmail,
    ResetPassword,
    ChangeEmail,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
        }
    }

    /// How long it works: a forgotten password half an hour, an address a day.
    const fn life(self) -> Duration {
        match self {
            Self::ResetPassword => Duration::from_secs(30 * 60),
            Self::VerifyEmail | Self::ChangeEmail => Duration::from_secs(24 * 3600),
        }
    }
}

/// A new token: 256 random bits. The letter has its text, the database its hash.
pub(in crate::identity) struct OneTimeToken {
    pub(in crate::identity) text: String,
    pub(in crate::identity) hash: Vec<u8>,
}

impl OneTimeToken {
    pub(in crate::identity) fn new() -> Self {
        // Of a generator that is fit for secrets, seeded by the system.
        let secret: [u8; 32] = rand::random();
        let text = format!("tnv_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
        let hash = hash_of(&text);
        Self { text, hash }
    }
}

/// What the database knows of a token. It has more randomness than anybody can try, so a plain hash is enough.
pub(in crate::identity) fn hash_of(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

/// Stores a token, in the place of an older one for the same purpose.
pub(in crate::identity) fn issue(token: &OneTimeToken, user: Uuid, purpose: Purpose, email: String) -> Statement<()> {
    statement(sql!(
        "INSERT INTO one_time_tokens (user_id, purpose, hash, email, expires_at) ",
        "VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) ",
        "ON CONFLICT (user_id, purpose) DO UPDATE SET hash = excluded.hash, email = excluded.email, ",
        "created_at = excluded.created_at, expires_at = excluded.expires_at"
    ))
    .bind(user)
    .bind(purpose.as_str())
    .bind(token.hash.clone())
    .bind(email)
    .bind(purpose.life().as_secs_f64())
    .done()
}

/// What a token has proved.
pub(in crate::identity) struct Redeemed {
    pub(in crate::identity) user_id: Uuid,
    pub(in crate::identity) email: String,
}
row!(Redeemed { user_id, email });

/// Uses a token up. Of many that redeem it at once, one gets something.
pub(in crate::identity) fn redeem(token: &str, purpose: Purpose) -> Statement<Option<Redeemed>> {
    statement(sql!(
        "DELETE FROM one_time_tokens WHERE hash = $1 AND purpose = $2 AND expires_at > now() RETURNING user_id, email"
    ))
    .bind(hash_of(token))
    .bind(purpose.as_str())
    .optional()
}

/// Whether a token would be redeemed, for what is worth asking before much work.
pub(in crate::identity) fn peek(token: &str, purpose: Purpose) -> Statement<Option<Redeemed>> {
    select::<Redeemed>(sql!("FROM one_time_tokens WHERE hash = $1 AND purpose = $2 AND expires_at > now()"))
        .bind(hash_of(token))
        .bind(purpose.as_str())
        .optional()
}

/// 422: the token is none, or none any more.
pub(in crate::identity) fn token_invalid() -> ApiError {
    ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "token_invalid",
        "The link does not work any more",
        "The token has expired, was used before, or a newer letter was sent. Ask for a new letter.",
    )
    .at("/token", "is not valid, or not any more")
}

//! What is asked for by e-mail address alone: written down for every address alike, and done by the worker.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::one_time::{OneTimeToken, Purpose, issue};
use super::{letters, store};
use crate::notify::Notice;
use crate::platform::{Platform, PlatformTx};
use crate::tenancy::DbError;

/// A request, on its way from its operation to the worker.
#[derive(Serialize, Deserialize)]
pub(crate) enum AccountRequest {
    /// A letter with which a new password can be chosen.
    ResetPassword { email: String },
    /// A letter that proves the address.
    VerifyEmail { email: String },
    /// A letter to an address that a person wants to change to.
    ChangeEmail { user: Uuid, email: String },
    /// A letter that finishes a registration, or one that says that there is an account already.
    Register(Box<Registration>),
}

/// A registration that waits for its letter to be read.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) password_hash: String,
    pub(super) organization: Option<(String, String)>,
}

impl AccountRequest {
    /// Does what was asked for. Done twice it sends a second letter, with a token that takes the place of the first.
    pub(crate) async fn perform(self, platform: &Platform) -> Result<(), DbError> {
        platform
            .db()
            .transaction(async |tx| match self {
                Self::ResetPassword { email } => match tx.run(store::person(email)).await? {
                    Some(person) => reset(platform, tx, person).await,
                    None => Ok(()),
                },
                Self::VerifyEmail { email } => match tx.run(store::person(email)).await? {
                    Some(person) if !person.email_verified => verify(platform, tx, person.id, person.email).await,
                    _ => Ok(()),
                },
                Self::ChangeEmail { user, email } => match tx.run(store::person(email.clone())).await? {
                    // Somebody has it; who that is, or that it is so, is nobody's business.
                    Some(_) => Ok(()),
                    None => change(platform, tx, user, email).await,
                },
                Self::Register(registration) => register(platform, tx, *registration).await,
            })
            .await
    }
}

async fn reset(platform: &Platform, tx: &PlatformTx<'_>, person: store::Person) -> Result<(), DbError> {
    let token = OneTimeToken::new();
    tx.run(issue(&token, person.id, Purpose::ResetPassword, person.email.clone())).await?;
    post(platform, tx, letters::reset(platform.mail(), person.email, &token)).await
}

/// Asks a person to prove an address: at registration, and when asked again.
pub(in crate::identity) async fn verify(
    platform: &Platform,
    tx: &PlatformTx<'_>,
    user: Uuid,
    email: String,
) -> Result<(), DbError> {
    let token = OneTimeToken::new();
    tx.run(issue(&token, user, Purpose::VerifyEmail, email.clone())).await?;
    post(platform, tx, letters::verify(platform.mail(), email, &token)).await
}

async fn change(platform: &Platform, tx: &PlatformTx<'_>, user: Uuid, email: String) -> Result<(), DbError> {
    let token = OneTimeToken::new();
    tx.run(issue(&token, user, Purpose::ChangeEmail, email.clone())).await?;
    post(platform, tx, letters::change(platform.mail(), email, &token)).await
}

async fn register(platform: &Platform, tx: &PlatformTx<'_>, registration: Registration) -> Result<(), DbError> {
    let email = registration.email.clone();
    if tx.run(store::person(email.clone())).await?.is_some() {
        return post(platform, tx, letters::already_registered(email)).await;
    }
    let token = OneTimeToken::new();
    tx.run(store::remember(registration, &token)).await?;
    post(platform, tx, letters::confirm_registration(platform.mail(), email, &token)).await
}

async fn post(platform: &Platform, tx: &PlatformTx<'_>, letter: Notice) -> Result<(), DbError> {
    tx.run(platform.notify().post_own(letter)).await
}

//! Proving an address, and a forgotten password.

use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::super::choice::{AnyPassword, too_short};
use super::one_time::{self, Purpose, peek, redeem, token_invalid};
use super::requests::AccountRequest;
use super::{letters, store};
use crate::http::{Accepted, Anonymous, ApiError, ApiResult, Body, Deleted};
use crate::identity::{Attempt, network};
use crate::module::Tag;
use crate::platform::Platform;
use crate::value::{Email, Text};

/// Whose account it is about.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AddressOnly {
    /// The address for signing in.
    email: Email,
}

/// What a letter has brought.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct TokenOnly {
    /// The token of the letter.
    token: Text<100>,
}

impl TokenOnly {
    pub(in crate::identity) fn token(&self) -> &str {
        self.token.as_str()
    }
}

/// A new password, with what a letter has brought.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The token of the letter.
    token: Text<100>,
    /// 15 to 1,024 characters, or from 8 on for who has a second factor; a sentence is better than a puzzle.
    password: AnyPassword,
}

/// Proving an address, and a forgotten password.
#[derive(Default)]
pub struct AccountApi;

#[OpenApi(tag = "Tag::SignIn")]
impl AccountApi {
    /// Confirm an e-mail address.
    ///
    /// With the token of the letter that registering sent. It works once, for a day.
    #[oai(path = "/auth/verify-email", method = "post", operation_id = "auth_verify_email")]
    async fn verify_email(&self, caller: Anonymous, body: Body<TokenOnly>) -> ApiResult<Deleted> {
        let Anonymous(platform) = caller;
        platform
            .db()
            .transaction(async |tx| {
                let redeem = redeem(body.0.token.as_str(), Purpose::VerifyEmail);
                let one_time::Redeemed { user_id, email } = tx.run(redeem).await?.ok_or_else(token_invalid)?;
                if tx.run(store::set_verified(user_id, email)).await? { Ok(Deleted) } else { Err(token_invalid()) }
            })
            .await
    }

    /// Send the letter that confirms an e-mail address once more.
    ///
    /// The answer is the same for every address. A letter is sent where it has an account and is not confirmed yet; the
    /// link of an older letter does not work any more.
    #[oai(path = "/auth/resend-verification", method = "post", operation_id = "auth_resend_verification")]
    async fn resend(&self, caller: Anonymous, request: &Request, body: Body<AddressOnly>) -> ApiResult<Accepted> {
        let email = body.0.email.canonical();
        limit_letters(&caller.0, request, &email).await?;
        caller.0.db().run(caller.0.outbox().ask(&AccountRequest::VerifyEmail { email })).await?;
        Ok(Accepted)
    }

    /// Ask for a new password.
    ///
    /// The answer is the same for every address. Where it has an account, a letter is sent, whose link works once, for 30
    /// minutes.
    #[oai(path = "/auth/forgot-password", method = "post", operation_id = "auth_forgot_password")]
    async fn forgot(&self, caller: Anonymous, request: &Request, body: Body<AddressOnly>) -> ApiResult<Accepted> {
        let email = body.0.email.canonical();
        limit_letters(&caller.0, request, &email).await?;
        caller.0.db().run(caller.0.outbox().ask(&AccountRequest::ResetPassword { email })).await?;
        Ok(Accepted)
    }

    /// Choose a new password.
    ///
    /// With the token of the letter. All sessions of the account end; sign in with the new password.
    #[oai(path = "/auth/reset-password", method = "post", operation_id = "auth_reset_password")]
    async fn reset(&self, caller: Anonymous, body: Body<NewPassword>) -> ApiResult<Deleted> {
        let Anonymous(platform) = caller;
        let NewPassword { token, password } = body.0;
        // Before the hash, which costs a core some time.
        let proved =
            platform.db().run(peek(token.as_str(), Purpose::ResetPassword)).await?.ok_or_else(token_invalid)?;
        let long = password.is_long();
        if !long && !platform.db().run(store::has_second_factor(proved.user_id)).await? {
            return Err(ApiError::invalid().at("/password", too_short()));
        }
        let chosen = platform.passwords().choose(&password, &[&proved.email]).await;
        let hash = chosen.map_err(|error| error.at("/password"))?;
        platform
            .db()
            .transaction(async |tx| {
                let redeem = redeem(token.as_str(), Purpose::ResetPassword);
                let one_time::Redeemed { user_id, email } = tx.run(redeem).await?.ok_or_else(token_invalid)?;
                if !tx.run(store::set_password(user_id, email.clone(), hash, long)).await? {
                    return Err(token_invalid());
                }
                tx.run(platform.notify().post_own(letters::password_changed(email))).await?;
                Ok(Deleted)
            })
            .await
    }
}

/// Letters cost whoever gets them patience, so they are counted, alike for addresses that are known and that are not.
pub(in crate::identity) async fn limit_letters(platform: &Platform, request: &Request, email: &str) -> ApiResult<()> {
    let (limits, network) = (&platform.config().identity.attempts, network(request));
    Attempt::new("letters", &[&network], limits.letter_network).begin(platform.db()).await?;
    Attempt::new("letter", &[&network, email], limits.letter).begin(platform.db()).await
}

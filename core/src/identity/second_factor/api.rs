//! The operations on one's second factor.

use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{RECOVERY_CODES, Seed, recovery_code, recovery_hash, store};
use crate::http::{Answer, ApiError, ApiResult, Body, Deleted, Made, SignedIn};
use crate::identity::users::is_fresh;
use crate::module::Tag;
use crate::value::Text;

/// Whether there is a second factor.
#[derive(Debug, Serialize, Object)]
pub struct SecondFactor {
    /// Whether signing in asks for a code.
    pub enabled: bool,
    /// Since when.
    #[serde(with = "time::serde::rfc3339::option")]
    pub enabled_at: Option<OffsetDateTime>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i64,
}

/// What an authenticator app needs to know.
#[derive(Serialize, Object)]
pub struct Enrolment {
    /// The seed, to be typed in (base32).
    pub secret: String,
    /// The same as an address, to be shown as a QR code.
    pub uri: String,
}

/// A code of the app.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The six digits that the app shows.
    code: Text<20>,
}

/// Codes for when the app is lost.
#[derive(Serialize, Object)]
pub struct RecoveryCodes {
    /// Each works once, in the place of the app's code. They are shown this once.
    pub recovery_codes: Vec<String>,
}

/// One's second factor.
#[derive(Default)]
pub struct SecondFactorApi;

#[OpenApi(tag = "Tag::SignIn")]
impl SecondFactorApi {
    /// Show whether there is a second factor.
    #[oai(path = "/users/me/second-factor", method = "get", operation_id = "second_factor_get")]
    async fn get(&self, caller: SignedIn) -> ApiResult<Answer<SecondFactor>> {
        let state = caller.run(store::state(caller.user())).await?;
        let (enabled_at, left) = state.unzip();
        Ok(Answer(SecondFactor {
            enabled: enabled_at.is_some(),
            enabled_at,
            recovery_codes_left: left.unwrap_or_default(),
        }))
    }

    /// Begin to set up a second factor.
    ///
    /// For who signed in less than 15 minutes ago. Nothing changes until a code of the app is confirmed; begun once more,
    /// only the latest seed counts.
    #[oai(path = "/users/me/second-factor", method = "post", operation_id = "second_factor_create")]
    async fn create(&self, caller: SignedIn) -> ApiResult<Made<Enrolment>> {
        let user = caller.user();
        let enrolled = caller.transaction(async |tx| {
            if !tx.run(is_fresh(caller.session())).await? {
                return Err(ApiError::sign_in_again());
            }
            let (email,) = tx.run(store::email(user)).await?.ok_or_else(ApiError::not_found)?;
            let seed = Seed::new(&email)?;
            let closed = seed.close(caller.platform().seed_seal(), user)?;
            if !tx.run(store::begin(user, closed)).await? {
                return Err(ApiError::conflict("second_factor_enabled", "You have a second factor. Remove it first."));
            }
            let uri = seed.0.to_url().map_err(|_| ApiError::internal())?;
            Ok(Enrolment { secret: seed.0.secret().to_base32(), uri })
        });
        enrolled.await.map(Made)
    }

    /// Confirm the second factor.
    ///
    /// With a code that the app shows. From now on signing in asks for one. The answer has ten recovery codes.
    #[oai(path = "/users/me/second-factor/confirm", method = "post", operation_id = "second_factor_confirm")]
    async fn confirm(&self, caller: SignedIn, body: Body<Code>) -> ApiResult<Answer<RecoveryCodes>> {
        let user = caller.user();
        let recovery_codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hashes = recovery_codes.iter().filter_map(|code| recovery_hash(code)).collect();
        let confirmed = caller.transaction(async |tx| {
            let factor = tx.run(store::unconfirmed(user)).await?.ok_or_else(|| {
                ApiError::conflict(
                    "second_factor_not_begun",
                    "There is no second factor to confirm. Begin to set one up.",
                )
            })?;
            let seed = Seed::open(caller.platform().seed_seal(), user, &factor.seed)?;
            let wrong = || ApiError::invalid().at("/code", "is not the code that the app shows now");
            let step = seed.step(body.0.code.as_str()).ok_or_else(wrong)?;
            tx.run(store::confirm(user, step)).await?;
            Ok(tx.run(store::set_recovery_codes(user, hashes)).await?)
        });
        confirmed.await?;
        Ok(Answer(RecoveryCodes { recovery_codes }))
    }

    /// Get new recovery codes.
    ///
    /// For who signed in less than 15 minutes ago. The older ones work no more.
    #[oai(
        path = "/users/me/second-factor/recovery-codes",
        method = "post",
        operation_id = "second_factor_recovery_codes"
    )]
    async fn recovery_codes(&self, caller: SignedIn) -> ApiResult<Answer<RecoveryCodes>> {
        let user = caller.user();
        let recovery_codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hashes = recovery_codes.iter().filter_map(|code| recovery_hash(code)).collect();
        let changed = caller.transaction(async |tx| {
            if !tx.run(is_fresh(caller.session())).await? {
                return Err(ApiError::sign_in_again());
            }
            tx.run(store::confirmed(user)).await?.ok_or_else(none)?;
            Ok(tx.run(store::set_recovery_codes(user, hashes)).await?)
        });
        changed.await?;
        Ok(Answer(RecoveryCodes { recovery_codes }))
    }

    /// Remove the second factor.
    ///
    /// For who signed in less than 15 minutes ago. Organizations that require one are closed then. 409 where the password is
    /// shorter than 15 characters, which is enough only beside a second factor: change it first.
    #[oai(path = "/users/me/second-factor", method = "delete", operation_id = "second_factor_delete")]
    async fn delete(&self, caller: SignedIn) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                if !tx.run(is_fresh(caller.session())).await? {
                    return Err(ApiError::sign_in_again());
                }
                if tx.run(store::remove(caller.user())).await? { Ok(Deleted) } else { Err(none()) }
            })
            .await
    }
}

fn none() -> ApiError {
    ApiError::conflict("no_second_factor", "You have no second factor.")
}

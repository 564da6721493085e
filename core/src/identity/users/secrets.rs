//! What asks for the password once more: another password, another address.

use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::store::Own;
use super::{NewEmail, store};
use crate::http::{Accepted, Anonymous, ApiError, ApiResult, Body, Deleted, SignedIn};
use crate::identity::auth::account::{
    AccountRequest, Purpose, Redeemed, TokenOnly, address_changed, change_asked, limit_letters, password_changed,
    redeem, token_invalid,
};
use crate::identity::auth::{AnyPassword, too_short};
use crate::identity::prove;
use crate::module::Tag;
use crate::value::Text;

/// Another password.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    current_password: Text<1024>,
    /// 15 to 1,024 characters, or from 8 on for who has a second factor; a sentence is better than a puzzle.
    new_password: AnyPassword,
}

/// Another password, another address.
#[derive(Default)]
pub struct SecretsApi;

#[OpenApi(tag = "Tag::SignIn")]
impl SecretsApi {
    /// Change one's password.
    ///
    /// All other sessions of this person end; this one goes on.
    #[oai(path = "/users/me/password", method = "post", operation_id = "users_me_password")]
    async fn password(&self, caller: SignedIn, request: &Request, body: Body<ChangePassword>) -> ApiResult<Deleted> {
        let ChangePassword { current_password, new_password } = body.0;
        let own = prove_own(&caller, request, current_password, "/current_password").await?;
        let Own { email, password_hash, second_factor } = own;
        let long = new_password.is_long();
        if !long && !second_factor {
            return Err(ApiError::invalid().at("/new_password", too_short()));
        }
        let chosen = caller.platform().passwords().choose(&new_password, &[&email]).await;
        let hash = chosen.map_err(|error| error.at("/new_password"))?;
        caller
            .transaction(async |tx| {
                let changed = store::set_password(caller.user(), caller.session(), password_hash, hash, long);
                if !tx.run(changed).await? {
                    return Err(ApiError::conflict(
                        "password_changed",
                        "The password was changed just now. Try again.",
                    ));
                }
                tx.run(caller.platform().notify().post_own(password_changed(email))).await?;
                Ok(Deleted)
            })
            .await
    }

    /// Change the address for signing in.
    ///
    /// Sends a letter to the new address, if nobody is registered with it; the answer is the same for every address. The
    /// old one stays until the letter's token comes back, and is told at once what to do if it was somebody else who asked.
    #[oai(path = "/users/me/email", method = "post", operation_id = "users_me_email")]
    async fn email(&self, caller: SignedIn, request: &Request, body: Body<NewEmail>) -> ApiResult<Accepted> {
        let NewEmail { email, password } = body.0;
        let own = prove_own(&caller, request, password, "/password").await?;
        let platform = caller.platform();
        limit_letters(platform, request, &email.canonical()).await?;
        let change = AccountRequest::ChangeEmail { user: caller.user(), email: email.canonical() };
        caller
            .transaction(async |tx| {
                tx.run(platform.outbox().ask(&change)).await?;
                tx.run(platform.notify().post_own(change_asked(own.email))).await?;
                Ok(Accepted)
            })
            .await
    }

    /// Confirm a new address for signing in.
    ///
    /// With the token of the letter to that address. The old address gets a notice.
    #[oai(path = "/auth/confirm-email", method = "post", operation_id = "auth_confirm_email")]
    async fn confirm(&self, caller: Anonymous, body: Body<TokenOnly>) -> ApiResult<Deleted> {
        let Anonymous(platform) = caller;
        platform
            .db()
            .transaction(async |tx| {
                let redeem = redeem(body.0.token(), Purpose::ChangeEmail);
                let Redeemed { user_id, email } = tx.run(redeem).await?.ok_or_else(token_invalid)?;
                let former = tx.run(store::set_email(user_id, email)).await?.ok_or_else(token_invalid)?;
                tx.run(platform.notify().post_own(address_changed(former.0))).await?;
                Ok(Deleted)
            })
            .await
    }
}

/// Checks the password of who is signed in. Wrong ones are counted, so that a stolen session cannot try for long.
async fn prove_own(
    caller: &SignedIn,
    request: &Request,
    password: Text<1024>,
    pointer: &'static str,
) -> ApiResult<Own> {
    // Nothing at all for a session that has ended.
    let own = caller.run(store::own(caller.user())).await?.ok_or_else(ApiError::not_found)?;
    let find = store::own(caller.user());
    let proved = prove(caller.platform(), request, &own.email, password.to_string(), find).await?;
    proved.ok_or_else(|| ApiError::invalid().at(pointer, "is not your password"))
}

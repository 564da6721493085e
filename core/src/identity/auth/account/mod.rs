//! Accounts: registering alone, proving an address, a forgotten password.
//!
//! What is asked for by e-mail address alone (`requests`) is only written down by the request, alike for every address,
//! and done by the worker; so neither answers nor their time tell who is known here.

mod api;
mod letters;
mod one_time;
mod registration;
mod requests;
mod store;

pub(in crate::identity) use api::{AccountApi, TokenOnly, limit_letters};
pub(in crate::identity) use letters::{address_changed, change_asked, password_changed};
pub(in crate::identity) use one_time::{OneTimeToken, Purpose, Redeemed, hash_of, redeem, token_invalid};
pub(in crate::identity) use registration::RegistrationApi;
pub(in crate::identity) use registration::{Registered, by_mail};
pub(crate) use requests::AccountRequest;
pub(in crate::identity) use requests::verify;
pub(crate) use store::sweep;

//! Registering and signing in.

mod api;
mod session;
mod store;

pub(super) use api::AuthApi;
pub(crate) use api::Password;

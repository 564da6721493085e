//! Registering, signing in, and the sessions that this starts.

pub(super) mod account;
mod api;
mod refresh;
mod session;
mod sessions;
mod store;

pub(super) use api::AuthApi;
pub(crate) use api::Password;
pub(super) use sessions::SessionsApi;

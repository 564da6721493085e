//! Registering, signing in, and the sessions that this starts.

pub(super) mod account;
mod api;
mod refresh;
mod session;
mod sessions;
pub(super) mod store;

pub(super) use api::AuthApi;
pub(crate) use api::Password;
pub use session::OrganizationAnswer;
pub(super) use sessions::SessionsApi;
pub(crate) use sessions::sweep;

//! Registering and signing in.

mod api;
mod session;
pub(super) mod store;

pub(super) use api::AuthApi;
pub(crate) use api::Password;
pub use session::OrganizationAnswer;

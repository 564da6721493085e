//! Registering, signing in, and the sessions that this starts.

pub(super) mod account;
mod api;
mod choice;
mod newcomer;
mod refresh;
mod session;
mod sessions;
pub(super) mod store;

pub(super) use api::AuthApi;
pub(in crate::identity) use choice::too_short;
pub(crate) use choice::{AnyPassword, Password};
pub(in crate::identity) use newcomer::{Newcomer, welcome};
pub use session::{OrganizationAnswer, SignedInAnswer};
pub(super) use sessions::SessionsApi;
pub(crate) use sessions::sweep;

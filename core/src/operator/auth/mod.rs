//! Signing in as an operator, and out.

mod api;
mod store;

pub(super) use api::OperatorAuthApi;

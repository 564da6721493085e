//! Tenantry's core.
#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod crm;
pub mod embedded;
pub mod http;
pub mod identity;
pub mod module;
pub mod platform;
pub mod tenancy;
#[cfg(feature = "testing")]
pub mod testing;

/// What the macros of this crate name in the code that they make.
#[doc(hidden)]
pub mod __private {
    pub use bytes;
    pub use poem_openapi;
    pub use rust_decimal;
    pub use serde;
    pub use serde_json;
    pub use tokio_postgres;
    pub use uuid;
}

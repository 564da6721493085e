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

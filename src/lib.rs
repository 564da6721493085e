//! The modules that this build ships. A module that is not named here is not in it.
// A module that is listed as a dependency but not named below is an error, for nothing else would tell.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod demo;

use tenantry_clinic as _;
use tenantry_core::cli::{self, Build};
use tenantry_real_estate as _;
use tokio as _;

/// The names that [`tenantry_core::module::Modules::collect`] expects to find registered.
pub const MODULES: &[&str] = &["clinic", "real-estate"];

/// Runs the command line of this build.
pub fn run(args: impl IntoIterator<Item = String>) -> std::process::ExitCode {
    cli::run(args, &Build { modules: MODULES, demo: demo::ORGANIZATIONS })
}

//! The modules that this build ships: those that cargo's features name. A module that is not named here is not in it.
// A module that is listed as a dependency but not named below is an error, for nothing else would tell.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod demo;

/// It gives back what it does not need: a start takes much more memory than what follows, and the system's own allocator keeps that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(feature = "clinic")]
use tenantry_clinic as _;
use tenantry_core::cli::{self, Build};
#[cfg(feature = "real-estate")]
use tenantry_real_estate as _;
use tokio as _;

/// The names that [`tenantry_core::module::Modules::collect`] expects to find registered.
pub const MODULES: &[&str] = &[
    #[cfg(feature = "clinic")]
    "clinic",
    #[cfg(feature = "real-estate")]
    "real-estate",
];

/// Runs the command line of this build.
pub fn run(args: impl IntoIterator<Item = String>) -> std::process::ExitCode {
    cli::run(args, &Build { modules: MODULES, demo: demo::ORGANIZATIONS })
}

#[cfg(test)]
mod tests {
    use tenantry_core::module::{Modules, documents};

    use super::MODULES;

    /// A build with one vertical has none of the other's operations, schemas or events.
    #[test]
    fn a_build_has_what_its_features_name() {
        let documents = documents(&Modules::collect(MODULES).unwrap()).unwrap();
        for (feature, operations, schema) in
            [("clinic", "/api/v1/clinic/", "\"Patient\""), ("real-estate", "/api/v1/real-estate/", "\"Property\"")]
        {
            for document in [&documents.newer, &documents.older] {
                let shipped = MODULES.contains(&feature);
                assert_eq!((document.contains(operations), document.contains(schema)), (shipped, shipped), "{feature}");
            }
        }
    }
}

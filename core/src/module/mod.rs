//! Modules: what a crate registers, and how the registrations become one API.

mod compose;
pub mod document;
mod job;
mod registry;
mod tag;

use std::collections::HashMap;

use http::Method;
use poem::endpoint::BoxEndpoint;
use poem_openapi::OpenApi;
use poem_openapi::registry::{MetaApi, Registry};

pub use compose::{Documents, documents, vertical};
pub(crate) use compose::{PREFIX, routes};
pub use job::Job;
pub use registry::{ModuleError, Modules};
pub use tag::Tag;

use crate::events::EventSource;
use crate::notify::NoticeKind;
use crate::permission::PermissionInfo;
use crate::tenancy::MigrationFile;

/// A module, as it is registered: `inventory::submit! { Module { … } }`, once per crate.
///
/// A crate that nothing names is not linked and registers nothing, so the root library names each module
/// (`use tenantry_clinic as _;`), and a start compares what is registered with what was meant.
pub struct Module {
    /// Lower case, digits and hyphens. All paths of a module that is not required start with it.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Whether every tenant has it, from the start and for good.
    pub required: bool,
    /// Its operations.
    pub api: ApiPart,
    /// Its tables, in every tenant that has it: `migrations!("migrations" => "V1__….sql")`.
    pub migrations: &'static [MigrationFile],
    /// Its permissions, as [`permissions!`](crate::permissions) lists them.
    pub permissions: &'static [PermissionInfo],
    /// What it has people told by letter or text message.
    pub notices: &'static [&'static NoticeKind],
    /// Its records whose changes are events.
    pub events: &'static [EventSource],
    /// What comes up by time, in each tenant that has it.
    pub jobs: &'static [Job],
}

inventory::collect!(Module);

impl Module {
    /// The table in which refinery notes this module's migrations.
    pub(crate) fn history(&self) -> String {
        format!("history_{}", self.name.replace('-', "_"))
    }
}

pub(crate) type RouteTable = HashMap<String, HashMap<Method, BoxEndpoint<'static>>>;

/// Operations of a module: `ApiPart::of::<(PropertiesApi, ViewingsApi)>()`.
///
/// poem-openapi's trait cannot be made an object, so its static functions are captured as pointers.
pub struct ApiPart {
    pub(crate) meta: fn() -> Vec<MetaApi>,
    pub(crate) register: fn(&mut Registry),
    pub(crate) add_routes: fn(&mut RouteTable),
}

impl ApiPart {
    /// Captures an API, or a tuple of up to 12. APIs hold no state: what a handler needs comes with the request.
    pub const fn of<A: OpenApi + Default>() -> Self {
        Self { meta: A::meta, register: A::register, add_routes: |table| A::default().add_routes(table) }
    }
}

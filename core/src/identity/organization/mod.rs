//! Organizations: founding another one, renaming, deleting with a grace, restoring.
//!
//! - this file: the record and what a client may send;
//! - `api.rs`: the operations; `store.rs`: the SQL;
//! - `tenancy::ending`: how a tenant goes, by whomever.

mod api;
mod document;
pub(super) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::OrganizationApi;

use crate::http::{Change, Versioned, replace};
use crate::value::{Slug, Text};
use crate::{record_id, row};

record_id! {
    /// The id of an organization.
    OrganizationId
}

/// An organization.
#[derive(Debug, Serialize, Object)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: Text<200>,
    /// Whether only people with a second factor get in.
    pub require_second_factor: bool,
    /// When it was founded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}
row!(Organization { id, slug, name, require_second_factor, created_at, version });

impl Versioned for Organization {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An organization to found.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// Its name.
    pub(super) name: Text<200>,
    /// Its short name; made from the name where it is left out.
    pub(super) slug: Option<Slug>,
}

impl NewOrganization {
    /// The short name that was chosen, or one made from the name.
    pub(super) fn slug(&self) -> Option<Slug> {
        self.slug.clone().or_else(|| Slug::from_name(self.name.as_str()))
    }
}

/// What to change in an organization. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationPatch {
    /// Its name.
    name: Change<Text<200>>,
    /// Its short name. The former one still leads here for 90 days, and nobody else gets it in that time.
    slug: Change<Slug>,
    /// Whether only people with a second factor get in; from the next request on.
    require_second_factor: Change<bool>,
}

impl OrganizationPatch {
    fn apply(self, organization: &mut Organization) {
        replace(&mut organization.name, self.name);
        replace(&mut organization.slug, self.slug);
        replace(&mut organization.require_second_factor, self.require_second_factor);
    }
}

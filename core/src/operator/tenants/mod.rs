//! Tenants as operators see them: the registry's row, and nothing of what is inside.
//!
//! - this file: the record, what an operator may send, how a list is sorted;
//! - `api.rs`: the operations;
//! - `create.rs`: making one or many;
//! - `life.rs`: suspending, resuming, deleting, restoring;
//! - `store.rs`: the SQL.

mod api;
mod create;
mod life;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub(super) use api::OperatorTenantsApi;
pub(super) use life::OperatorLifeApi;

use crate::http::{Change, Problem, Versioned, replace};
use crate::tenancy::TenantId;
use crate::value::{Email, Prose, Slug, Text};
use crate::{choice, record_id, row, sorts};

record_id! {
    /// The id of a tenant, as an operator gives it.
    TenantKey
}

impl TenantKey {
    /// The tenant that is meant.
    pub(crate) fn tenant(self) -> TenantId {
        self.as_uuid().into()
    }
}

impl From<TenantId> for TenantKey {
    fn from(tenant: TenantId) -> Self {
        Self(tenant.as_uuid())
    }
}

choice! {
    /// Where a tenant stands in its life.
    pub enum TenantStatus {
        /// It is being made.
        Provisioning = "provisioning",
        /// Its people can work.
        Active = "active",
        /// An operator has stopped it.
        Suspended = "suspended",
        /// It will be gone, and can still be restored.
        Deleting = "deleting",
        /// It is gone.
        Purged = "purged",
    }
}

/// An organization's home.
#[derive(Debug, Serialize, Object)]
pub struct Tenant {
    /// Its id.
    pub id: TenantKey,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: Text<200>,
    /// Where it stands in its life.
    pub status: TenantStatus,
    /// Why it is suspended.
    pub suspended_reason: Option<Prose<500>>,
    /// When it was suspended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub suspended_at: Option<OffsetDateTime>,
    /// When it will be gone for good, where it is being deleted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub purge_at: Option<OffsetDateTime>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

impl Versioned for Tenant {
    fn version(&self) -> i64 {
        self.version
    }
}

row!(Tenant { id, slug, name, status, suspended_reason, suspended_at, purge_at, created_at, version });

sorts! {
    /// How tenants can be sorted.
    pub enum TenantSort of Tenant {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |tenant| tenant.created_at,
    }
}

/// A tenant to make. It has no people until some are invited.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOperatedTenant {
    /// The organization's name.
    name: Text<200>,
    /// Its short name; made from the name where it is left out.
    slug: Option<Slug>,
    /// Modules to enable beside those that every organization has.
    #[oai(validator(max_items = "50"))]
    modules: Option<Vec<Text<40>>>,
    /// The address of its first owner, who gets an invitation by mail; nobody can work there before one is accepted.
    owner_email: Option<Email>,
}

/// Tenants to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOperatedTenants {
    /// 1 to 100 of them.
    #[oai(validator(min_items = "1", max_items = "100"))]
    items: Vec<NewOperatedTenant>,
}

/// What became of each tenant that was to be made, in the order of the request.
#[derive(Debug, Serialize, Object)]
pub struct MadeTenants {
    /// One for each.
    items: Vec<MadeTenant>,
}

/// What became of one tenant that was to be made.
#[derive(Debug, Serialize, Object)]
pub struct MadeTenant {
    /// Whether it is there now.
    outcome: MadeOutcome,
    /// The tenant, where it is there.
    tenant: Option<Tenant>,
    /// Why not, where it is not.
    problem: Option<Problem>,
}

choice! {
    /// Whether a tenant that was to be made is there now.
    pub enum MadeOutcome {
        /// It was made.
        Created = "created",
        /// One of this short name and this name was there already.
        Exists = "exists",
        /// It could not be made.
        Refused = "refused",
    }
}

/// What to change in a tenant. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct OperatedTenantPatch {
    /// The organization's name.
    name: Change<Text<200>>,
    /// Its short name. The former one still leads there for 90 days, and nobody else gets it in that time.
    slug: Change<Slug>,
}

impl OperatedTenantPatch {
    fn apply(self, tenant: &mut Tenant) {
        replace(&mut tenant.name, self.name);
        replace(&mut tenant.slug, self.slug);
    }
}

/// Why something is done.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In words that another operator understands.
    reason: Prose<500>,
}

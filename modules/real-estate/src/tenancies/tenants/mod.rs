//! Tenants: contacts who live in a property by a tenancy. A tenant is its contact's owner's: who does not reach the contact does not
//! see that it lives there.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::{owned_row, record_id, sorts};
use time::OffsetDateTime;

use super::TenancyId;

pub use api::TenancyTenantsApi;

record_id! {
    /// The id of a tenant of a tenancy.
    TenancyTenantId
}

/// Somebody who lives there.
#[derive(Debug, Clone, Serialize, Object)]
pub struct TenancyTenant {
    /// Its id.
    pub id: TenancyTenantId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
    /// Who.
    pub contact_id: ContactId,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
owned_row!(TenancyTenant in "tenancy_tenants" of "contact_id" in "contacts" { id, tenancy_id, contact_id, created_at });

/// Somebody to live there.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTenancyTenant {
    /// Who; once in a tenancy.
    contact_id: ContactId,
}

sorts! {
    /// How tenants can be sorted.
    pub enum TenancyTenantSort of TenancyTenant {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |tenant| tenant.created_at,
    }
}

//! Commissions: what is earned with a listing, and which part of it is whose. The parts are the whole: 100 percent, exactly.
//!
//! - this file: the record; `terms.rs`: what a client may send, and what must hold of it;
//! - `api.rs`, `store.rs`: as for every resource.

mod api;
pub(crate) mod store;
mod terms;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::events::EventSource;
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::identity::UserId;
use tenantry_core::permission::Permission as _;
use tenantry_core::value::{Amount, Currency, Moment, Percent, Several};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::CommissionsApi;

use crate::CommissionsRead;
use crate::listings::ListingId;
use crate::progressions::ProgressionId;

/// What is heard of them. They move by their own rules, so nothing of them is undone.
pub(crate) const COMMISSIONS: EventSource =
    EventSource { name: "commission", resource: "commissions", read: &CommissionsRead::INFO, undo: None };

record_id! {
    /// The id of a commission.
    CommissionId
}

choice! {
    /// Where a commission stands.
    pub enum CommissionStatus {
        /// Agreed, and not earned yet.
        Draft = "draft",
        /// Earned: what it is for is completed.
        Due = "due",
        /// Paid.
        Paid = "paid",
    }
}

/// A part of a commission, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The member who gets it. Who leaves the organization keeps it.
    pub user_id: UserId,
    /// How much of it.
    pub percent: Percent,
}

/// A commission.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Commission {
    /// Its id.
    pub id: CommissionId,
    /// What it is earned with.
    pub listing_id: ListingId,
    /// The progression that has earned it; null until one is completed.
    pub progression_id: Option<ProgressionId>,
    /// Where it stands.
    pub status: CommissionStatus,
    /// What it is reckoned from, such as the price.
    pub base: Amount,
    /// The currency.
    pub currency: Currency,
    /// How much of the base it is; null where the amount is fixed.
    pub percent: Option<Percent>,
    /// How much it is.
    pub amount: Amount,
    /// Who gets which part; together 100 percent.
    pub splits: Several<Split>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Commission {
    id,
    listing_id,
    progression_id,
    status,
    base,
    currency,
    percent,
    amount,
    splits,
    created_at,
    updated_at,
    version
});

impl Versioned for Commission {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Commission {
    /// Refuses to change what is earned.
    fn is_agreed_on(&self) -> ApiResult<()> {
        if self.status == CommissionStatus::Draft {
            return Ok(());
        }
        Err(ApiError::conflict("commission_earned", "This commission is due or paid. It stays as it is."))
    }
}

criteria! {
    /// What commissions are listed by.
    pub struct CommissionFields of Commission in "commissions" by "-created_at" {
        /// What it is earned with.
        listing_id: ListingId => [eq in];
        /// The progression that has earned it.
        progression_id: ProgressionId => [eq in null];
        /// Where it stands.
        status: CommissionStatus => [eq in];
        /// How much it is.
        amount: Amount => [gt gte lt lte], sort numeric |commission| commission.amount;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |commission| commission.created_at;
    }
}

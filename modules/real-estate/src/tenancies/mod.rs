//! Tenancies: who lives in a property from when until when, for which rent.
//!
//! A tenancy is a draft until it starts; from then on its days are taken, and no other tenancy of the property has any of them. The
//! database sees to that, whoever asks at the same moment.
//!
//! - this file: the record; `terms.rs`: what a client may send, and what must hold of it; `life.rs`: start, end, cancel;
//! - `tenants/`: who lives there; `charges/`: what they owe and have paid; `source.rs`: what the descriptor says;
//! - `api.rs`, `store.rs`: as for every resource.

mod api;
pub(crate) mod charges;
mod life;
pub(crate) mod source;
pub(crate) mod store;
pub(crate) mod tenants;
mod terms;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::http::Versioned;
use tenantry_core::value::{Amount, Currency, Date, Moment};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::TenanciesApi;

use crate::properties::PropertyId;

record_id! {
    /// The id of a tenancy.
    TenancyId
}

choice! {
    /// Where a tenancy stands.
    pub enum TenancyStatus {
        /// Being agreed.
        Draft = "draft",
        /// Agreed: its days are taken.
        Running = "running",
        /// Over, or about to be on its last day.
        Ended = "ended",
        /// Never came to be.
        Canceled = "canceled",
    }
}

choice! {
    /// How often rent is due.
    pub enum RentPeriod {
        /// Each month, on the day of the month on which the tenancy began, or on the month's last.
        Month = "month",
        /// Every seven days.
        Week = "week",
    }
}

choice! {
    /// What became of a deposit.
    pub enum DepositState {
        /// It is to be paid.
        Due = "due",
        /// It is held.
        Held = "held",
        /// The tenants have it back.
        Returned = "returned",
        /// The tenants have a part of it back.
        PartlyReturned = "partly_returned",
    }
}

choice! {
    /// Who gave notice.
    pub enum NoticeBy {
        /// Whoever lets it.
        Landlord = "landlord",
        /// Whoever lives there.
        Tenant = "tenant",
    }
}

/// A tenancy.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Tenancy {
    /// Its id.
    pub id: TenancyId,
    /// The property.
    pub property_id: PropertyId,
    /// Where it stands; changed by `start`, `end` and `cancel`.
    pub status: TenancyStatus,
    /// The first day.
    pub starts_on: Date,
    /// The last day; null where it has no end yet.
    pub ends_on: Option<Date>,
    /// The rent of a period.
    pub rent: Amount,
    /// The currency of rent and deposit.
    pub currency: Currency,
    /// How often rent is due.
    pub rent_period: RentPeriod,
    /// The deposit; null where there is none.
    pub deposit: Option<Amount>,
    /// What became of the deposit; null where there is none.
    pub deposit_state: Option<DepositState>,
    /// When the rent is to be looked at again.
    pub rent_review_on: Option<Date>,
    /// When notice was given.
    pub notice_given_on: Option<Date>,
    /// Who gave notice.
    pub notice_by: Option<NoticeBy>,
    /// The first day whose rent is charged: that of the beginning, but none that was due more than a month before the tenancy was
    /// started here. Null as long as it is a draft.
    pub charged_from: Option<Date>,
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

row!(Tenancy {
    id,
    property_id,
    status,
    starts_on,
    ends_on,
    rent,
    currency,
    rent_period,
    deposit,
    deposit_state,
    rent_review_on,
    notice_given_on,
    notice_by,
    charged_from,
    created_at,
    updated_at,
    version
});

impl Versioned for Tenancy {
    fn version(&self) -> i64 {
        self.version
    }
}

criteria! {
    /// What tenancies are listed by.
    pub struct TenancyFields of Tenancy in "tenancies" by "-created_at" {
        /// The property.
        property_id: PropertyId => [eq in];
        /// Where it stands.
        status: TenancyStatus => [eq in];
        /// The first day.
        starts_on: Date => [eq gt gte lt lte], sort date |tenancy| tenancy.starts_on;
        /// The last day.
        ends_on: Date => [eq gt gte lt lte null], sort date nullable |tenancy| tenancy.ends_on;
        /// When the rent is to be looked at again.
        rent_review_on: Date => [eq gt gte lt lte null], sort date nullable |tenancy| tenancy.rent_review_on;
        /// What became of the deposit.
        deposit_state: DepositState => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |tenancy| tenancy.created_at;
    }
}

//! Charges: what tenants owe by when, and what they have paid of it.
//!
//! - this file: charges and payments, what a client may send; `arrears.rs`: what is overdue;
//! - `due.rs`: the job that charges rent as it falls due; `api.rs`, `store.rs`: as for every resource.

mod api;
mod arrears;
mod due;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::ApiResult;
use tenantry_core::value::{Amount, Date, Text};
use tenantry_core::{choice, record_id, row, sorts};
use time::OffsetDateTime;

pub use api::ChargesApi;
pub(crate) use due::CHARGE_RENT;

use super::TenancyId;
use super::terms::above_zero;

record_id! {
    /// The id of a charge.
    ChargeId
}
record_id! {
    /// The id of a payment.
    PaymentId
}

choice! {
    /// What a charge is for.
    pub enum ChargeKind {
        /// The rent of a period.
        Rent = "rent",
        /// Anything else, such as a repair.
        Other = "other",
    }
}

/// What tenants owe.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
    /// What it is for.
    pub kind: ChargeKind,
    /// By when it is to be paid.
    pub due_on: Date,
    /// How much, in the currency of the tenancy.
    pub amount: Amount,
    /// How much of it is paid.
    pub paid: Amount,
    /// What it is for, in words.
    pub note: Option<Text<500>>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
row!(Charge { id, tenancy_id, kind, due_on, amount, paid, note, created_at });

/// A charge to make, beside the rent.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewCharge {
    /// By when it is to be paid.
    due_on: Date,
    /// How much, above zero.
    amount: Amount,
    /// What it is for.
    note: Option<Text<500>>,
}

/// What was paid of a charge.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The charge.
    pub charge_id: ChargeId,
    /// How much.
    pub amount: Amount,
    /// When it was received.
    pub received_on: Date,
    /// Anything worth saying, such as how.
    pub note: Option<Text<500>>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
row!(Payment { id, charge_id, amount, received_on, note, created_at });

/// A payment to write down.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// How much, above zero and no more than is owed.
    amount: Amount,
    /// When it was received.
    received_on: Date,
    /// Anything worth saying.
    note: Option<Text<500>>,
}

impl NewCharge {
    fn checked(self) -> ApiResult<Self> {
        above_zero("/amount", Some(self.amount))?;
        Ok(self)
    }
}

impl NewPayment {
    fn checked(self) -> ApiResult<Self> {
        above_zero("/amount", Some(self.amount))?;
        Ok(self)
    }
}

sorts! {
    /// How charges can be sorted.
    pub enum ChargeSort of Charge {
        DueOn | DueOnDesc: "due_on" | "-due_on" = date due_on => |charge| charge.due_on,
    }
}

sorts! {
    /// How payments can be sorted.
    pub enum PaymentSort of Payment {
        ReceivedOn | ReceivedOnDesc: "received_on" | "-received_on" = date received_on => |payment| payment.received_on,
    }
}

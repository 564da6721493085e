//! The terms of a tenancy: what a client may send, and what must hold of them.

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::Deserialize;
use tenantry_core::http::{ApiError, ApiResult, Change, patch, replace};
use tenantry_core::value::{Amount, Currency, Date};

use super::{DepositState, NoticeBy, RentPeriod, Tenancy, TenancyStatus};
use crate::properties::PropertyId;

/// A tenancy to make. It is a draft until it is started.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTenancy {
    /// The property.
    pub(super) property_id: PropertyId,
    /// The first day.
    pub(super) starts_on: Date,
    /// The last day; left out where it has no end.
    pub(super) ends_on: Option<Date>,
    /// The rent of a period, above zero.
    pub(super) rent: Amount,
    /// The currency of rent and deposit.
    pub(super) currency: Currency,
    /// How often rent is due.
    pub(super) rent_period: RentPeriod,
    /// The deposit, above zero; left out where there is none. It is due at first.
    pub(super) deposit: Option<Amount>,
    /// When the rent is to be looked at again.
    pub(super) rent_review_on: Option<Date>,
}

/// What to change in a tenancy. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct TenancyPatch {
    /// The first day; only of a draft.
    starts_on: Change<Date>,
    /// The last day. Of a tenancy that has started its days are taken by it alone.
    ends_on: MaybeUndefined<Date>,
    /// The rent of a period, above zero. What is charged already stays.
    rent: Change<Amount>,
    /// The currency; only of a draft.
    currency: Change<Currency>,
    /// How often rent is due; only of a draft.
    rent_period: Change<RentPeriod>,
    /// The deposit, above zero.
    deposit: MaybeUndefined<Amount>,
    /// What became of the deposit.
    deposit_state: MaybeUndefined<DepositState>,
    /// When the rent is to be looked at again.
    rent_review_on: MaybeUndefined<Date>,
    /// When notice was given; with `notice_by`.
    notice_given_on: MaybeUndefined<Date>,
    /// Who gave notice; with `notice_given_on`.
    notice_by: MaybeUndefined<NoticeBy>,
}

impl NewTenancy {
    /// Checks what is not a matter of the database alone.
    pub(super) fn checked(self) -> ApiResult<Self> {
        in_order(self.starts_on, self.ends_on)?;
        above_zero("/rent", Some(self.rent))?;
        above_zero("/deposit", self.deposit)?;
        Ok(self)
    }
}

impl TenancyPatch {
    /// Applies it as far as the tenancy's status lets that be.
    pub(super) fn apply_checked(self, tenancy: &mut Tenancy) -> ApiResult<()> {
        let of_draft = self.starts_on.is_given() || self.currency.is_given() || self.rent_period.is_given();
        if of_draft && tenancy.status != TenancyStatus::Draft {
            let detail = "This tenancy has started. Its first day, its currency and how often rent is due stay.";
            return Err(ApiError::conflict("tenancy_started", detail));
        }
        let is_over = matches!(tenancy.status, TenancyStatus::Ended | TenancyStatus::Canceled);
        if is_over && self.is_about_more_than_the_deposit() {
            let detail = "This tenancy is over. Only what became of its deposit can be changed.";
            return Err(ApiError::conflict("tenancy_over", detail));
        }
        replace(&mut tenancy.starts_on, self.starts_on);
        patch(&mut tenancy.ends_on, self.ends_on);
        replace(&mut tenancy.rent, self.rent);
        replace(&mut tenancy.currency, self.currency);
        replace(&mut tenancy.rent_period, self.rent_period);
        patch(&mut tenancy.deposit, self.deposit);
        patch(&mut tenancy.deposit_state, self.deposit_state);
        patch(&mut tenancy.rent_review_on, self.rent_review_on);
        patch(&mut tenancy.notice_given_on, self.notice_given_on);
        patch(&mut tenancy.notice_by, self.notice_by);
        tenancy.mend()
    }

    fn is_about_more_than_the_deposit(&self) -> bool {
        self.rent.is_given()
            || !self.ends_on.is_undefined()
            || !self.deposit.is_undefined()
            || !self.rent_review_on.is_undefined()
            || !self.notice_given_on.is_undefined()
            || !self.notice_by.is_undefined()
    }
}

impl Tenancy {
    /// Has the deposit's state follow the deposit, and checks the rest.
    fn mend(&mut self) -> ApiResult<()> {
        in_order(self.starts_on, self.ends_on)?;
        above_zero("/rent", Some(self.rent))?;
        above_zero("/deposit", self.deposit)?;
        self.deposit_state = self.deposit.map(|_| self.deposit_state.unwrap_or(DepositState::Due));
        if self.notice_given_on.is_some() != self.notice_by.is_some() {
            let detail = "when notice was given and who gave it go together: give both, or neither";
            return Err(ApiError::invalid().at("/notice_by", detail));
        }
        Ok(())
    }
}

/// Checks that the last day does not come before the first.
pub(super) fn in_order(starts_on: Date, ends_on: Option<Date>) -> ApiResult<()> {
    if ends_on.is_some_and(|ends_on| ends_on < starts_on) {
        return Err(ApiError::invalid().at("/ends_on", "expected a day that is not before the first one"));
    }
    Ok(())
}

/// Checks that an amount is more than nothing.
pub(super) fn above_zero(pointer: &str, amount: Option<Amount>) -> ApiResult<()> {
    if amount.is_some_and(Amount::is_zero) {
        return Err(ApiError::invalid().at(pointer, "expected an amount above zero"));
    }
    Ok(())
}

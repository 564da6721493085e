//! The terms of a commission: how much it is, and whose.

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::Deserialize;
use tenantry_core::http::{ApiError, ApiResult, Change};
use tenantry_core::value::{Amount, Currency, Percent, Several};
use uuid::Uuid;

use super::{Commission, Split};
use crate::listings::ListingId;

/// A commission to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewCommission {
    /// What it is earned with.
    pub(super) listing_id: ListingId,
    /// What it is reckoned from, above zero.
    pub(super) base: Amount,
    /// The currency.
    pub(super) currency: Currency,
    /// How much of the base it is; either this or `amount`.
    pub(super) percent: Option<Percent>,
    /// How much it is, where that is fixed; either this or `percent`.
    amount: Option<Amount>,
    /// Who gets which part: members, each once; together exactly 100 percent.
    pub(super) splits: Several<Split>,
}

/// What to change in a commission that is not earned yet. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct CommissionPatch {
    /// What it is reckoned from, above zero.
    base: Change<Amount>,
    /// How much of the base it is, from now on; null where the amount is fixed.
    percent: MaybeUndefined<Percent>,
    /// How much it is, fixed from now on; null where it is a part of the base.
    amount: MaybeUndefined<Amount>,
    /// Who gets which part.
    pub(super) splits: Change<Several<Split>>,
}

impl NewCommission {
    /// Checks it and gives its amount.
    pub(super) fn checked(&self) -> ApiResult<Amount> {
        if self.percent.is_some() == self.amount.is_some() {
            return Err(either());
        }
        whole(&self.splits)?;
        reckoned(self.base, self.percent, self.amount)
    }
}

impl CommissionPatch {
    /// Applies it, and reckons the amount anew.
    pub(super) fn apply_checked(self, commission: &mut Commission) -> ApiResult<()> {
        let is_fixed = self.percent.is_null();
        let (percent, amount) = (self.percent.take(), self.amount.take());
        if percent.is_some() && amount.is_some() {
            return Err(either());
        }
        if let Some(base) = self.base.given() {
            commission.base = base;
        }
        if percent.is_some() || amount.is_some() || is_fixed {
            commission.percent = percent;
        }
        if let Some(splits) = self.splits.given() {
            whole(&splits)?;
            commission.splits = splits;
        }
        let amount = amount.or(commission.percent.is_none().then_some(commission.amount));
        commission.amount = reckoned(commission.base, commission.percent, amount)?;
        Ok(())
    }
}

/// The people of these splits.
pub(super) fn people(splits: &Several<Split>) -> Vec<Uuid> {
    splits.iter().map(|split| split.user_id.as_uuid()).collect()
}

/// Points at the first of these splits whose person is none of the members.
pub(super) fn strangers(splits: &Several<Split>, members: &[Uuid]) -> ApiResult<()> {
    let stranger = splits.iter().position(|split| !members.contains(&split.user_id.as_uuid()));
    stranger
        .map_or(Ok(()), |n| Err(ApiError::not_found().at(format!("/splits/{n}/user_id"), "there is no such member")))
}

/// How much it is.
fn reckoned(base: Amount, percent: Option<Percent>, fixed: Option<Amount>) -> ApiResult<Amount> {
    if base.is_zero() {
        return Err(ApiError::invalid().at("/base", "expected an amount above zero"));
    }
    let amount = percent.map(|percent| percent.of(base)).or(fixed).filter(|amount| !amount.is_zero());
    let pointer = if percent.is_some() { "/percent" } else { "/amount" };
    amount.ok_or_else(|| ApiError::invalid().at(pointer, "expected a commission above zero"))
}

/// Checks that the parts are the whole, and each somebody else's.
fn whole(splits: &Several<Split>) -> ApiResult<()> {
    if !Percent::are_whole(splits.iter().map(|split| split.percent)) {
        return Err(ApiError::invalid().at("/splits", "expected parts that are 100 percent together"));
    }
    let mut people = people(splits);
    people.sort_unstable();
    people.dedup();
    if people.len() < splits.iter().count() {
        return Err(ApiError::invalid().at("/splits", "expected each member once"));
    }
    Ok(())
}

fn either() -> ApiError {
    ApiError::invalid().at("/amount", "it is a part of the base or a fixed amount: give one of `percent` and `amount`")
}

//! The SQL of tenancies.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};
use tenantry_core::value::Date;

use super::terms::NewTenancy;
use super::{DepositState, Tenancy, TenancyId};
use crate::properties::PropertyId;

const LET: Refusal = Refusal::InTheWay {
    code: "property_let",
    detail: "The property is let on some of these days, by another tenancy. Choose other days, or end that one before.",
};

pub(super) fn list() -> List<Tenancy> {
    records(sql!("tenancies"))
}

pub(super) fn find(id: TenancyId) -> Statement<Option<Tenancy>> {
    select::<Tenancy>(sql!("FROM tenancies WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: TenancyId) -> Statement<Option<Tenancy>> {
    select::<Tenancy>(sql!("FROM tenancies WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: TenancyId, new: NewTenancy) -> Statement<Tenancy> {
    let NewTenancy { property_id, starts_on, ends_on, rent, currency, rent_period, deposit, rent_review_on } = new;
    change(sql!("tenancies"))
        .set(sql!("id"), id)
        .set(sql!("property_id"), property_id)
        .set(sql!("starts_on"), starts_on)
        .set(sql!("ends_on"), ends_on)
        .set(sql!("rent"), rent)
        .set(sql!("currency"), currency)
        .set(sql!("rent_period"), rent_period)
        .set(sql!("deposit"), deposit)
        .set(sql!("deposit_state"), deposit.map(|_| DepositState::Due))
        .set(sql!("rent_review_on"), rent_review_on)
        .insert()
        .refused_by("tenancies_property_id_fkey", Refusal::Missing { pointer: "/property_id" })
}

pub(super) fn update(tenancy: Tenancy) -> Statement<Tenancy> {
    change(sql!("tenancies"))
        .set(sql!("status"), tenancy.status)
        .set(sql!("starts_on"), tenancy.starts_on)
        .set(sql!("ends_on"), tenancy.ends_on)
        .set(sql!("rent"), tenancy.rent)
        .set(sql!("currency"), tenancy.currency)
        .set(sql!("rent_period"), tenancy.rent_period)
        .set(sql!("deposit"), tenancy.deposit)
        .set(sql!("deposit_state"), tenancy.deposit_state)
        .set(sql!("rent_review_on"), tenancy.rent_review_on)
        .set(sql!("notice_given_on"), tenancy.notice_given_on)
        .set(sql!("notice_by"), tenancy.notice_by)
        .set(sql!("charged_from"), tenancy.charged_from)
        .update(tenancy.id)
        .refused_by("tenancies_property_excl", LET)
}

pub(super) fn delete(id: TenancyId) -> Statement<()> {
    statement(sql!("DELETE FROM tenancies WHERE id = $1")).bind(id).done()
}

/// Whether somebody lives in a property by a tenancy on a day.
pub(crate) fn is_let_on(property: PropertyId, day: Date) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM tenancies t WHERE t.property_id = $1 AND t.status IN ('running', 'ended') ",
        "AND daterange(t.starts_on, t.ends_on, '[]') @> $2::date"
    ))
    .bind(property)
    .bind(day)
    .any()
}

//! The SQL of commissions. The sum of the parts is counted where they are written, so that the table's rule is about what stands
//! there and not about what somebody says.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};
use tenantry_core::value::Amount;

use super::terms::NewCommission;
use super::{Commission, CommissionId, CommissionStatus};
use crate::listings::ListingId;
use crate::progressions::ProgressionId;

pub(super) fn list() -> List<Commission> {
    records(sql!("commissions"))
}

pub(super) fn find(id: CommissionId) -> Statement<Option<Commission>> {
    select::<Commission>(sql!("FROM commissions WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: CommissionId) -> Statement<Option<Commission>> {
    select::<Commission>(sql!("FROM commissions WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: CommissionId, new: NewCommission, amount: Amount) -> Statement<Commission> {
    let insert = statement(sql!(
        "INSERT INTO commissions (id, listing_id, base, currency, percent, amount, splits, splits_sum) ",
        "SELECT $1, $2, $3, $4, $5, $6, $7::jsonb, sum((part ->> 'percent')::numeric) FROM jsonb_array_elements($7::jsonb) AS part ",
        "RETURNING id, listing_id, progression_id, status, base, currency, percent, amount, splits, created_at, updated_at, version"
    ));
    insert
        .bind(id)
        .bind(new.listing_id)
        .bind(new.base)
        .bind(new.currency)
        .bind(new.percent)
        .bind(amount)
        .bind(new.splits)
        .one()
        .refused_by("commissions_listing_id_fkey", Refusal::Missing { pointer: "/listing_id" })
}

pub(super) fn update(commission: Commission) -> Statement<Commission> {
    let update = statement(sql!(
        "UPDATE commissions SET base = $2, percent = $3, amount = $4, splits = $5::jsonb, splits_sum = ",
        "(SELECT sum((part ->> 'percent')::numeric) FROM jsonb_array_elements($5::jsonb) AS part), ",
        "version = version + 1, updated_at = now() WHERE id = $1 ",
        "RETURNING id, listing_id, progression_id, status, base, currency, percent, amount, splits, created_at, updated_at, version"
    ));
    let Commission { id, base, percent, amount, splits, .. } = commission;
    update.bind(id).bind(base).bind(percent).bind(amount).bind(splits).one()
}

pub(super) fn set_status(id: CommissionId, status: CommissionStatus) -> Statement<Commission> {
    change(sql!("commissions")).set(sql!("status"), status).update(id)
}

/// Has what was agreed on be due, as a progression of the listing is completed.
pub(crate) fn fall_due(listing: ListingId, by: ProgressionId) -> Statement<()> {
    statement(sql!(
        "UPDATE commissions SET status = 'due', progression_id = $2, version = version + 1, updated_at = now() ",
        "WHERE listing_id = $1 AND status = 'draft'"
    ))
    .bind(listing)
    .bind(by)
    .done()
}

pub(super) fn delete(id: CommissionId) -> Statement<()> {
    statement(sql!("DELETE FROM commissions WHERE id = $1")).bind(id).done()
}

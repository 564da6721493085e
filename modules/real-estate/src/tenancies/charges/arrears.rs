//! Arrears: what is due by today and not paid.

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::tenancy::{Statement, statement};
use tenantry_core::value::{Currency, Date, Sum};
use tenantry_core::{row, sql};

use super::TenancyId;

/// What is due by today, and what is paid of it.
#[derive(Debug, Serialize, Object)]
pub struct Arrears {
    /// The currency of the sums.
    pub currency: Currency,
    /// What fell due until today.
    pub due: Sum,
    /// What is paid of that.
    pub paid: Sum,
    /// What is not.
    pub outstanding: Sum,
    /// How many charges are not paid in full.
    pub charges: i64,
    /// When the oldest of them was due; null where there is none.
    pub since: Option<Date>,
}
row!(Arrears { currency, due, paid, outstanding, charges, since });

/// Of a tenancy; none where there is no such.
pub(super) fn of(tenancy: TenancyId, today: Date) -> Statement<Option<Arrears>> {
    let sums = statement(sql!(
        "SELECT t.currency, coalesce(sum(c.amount), 0.00), coalesce(sum(c.paid), 0.00), ",
        "coalesce(sum(c.amount - c.paid), 0.00), count(c.id) FILTER (WHERE c.paid < c.amount), ",
        "min(c.due_on) FILTER (WHERE c.paid < c.amount) ",
        "FROM tenancies t LEFT JOIN tenancy_charges c ON c.tenancy_id = t.id AND c.due_on <= $2 ",
        "WHERE t.id = $1 GROUP BY t.id, t.currency"
    ));
    sums.bind(tenancy).bind(today).optional()
}

//! The job that charges rent as it falls due.

use tenantry_core::module::Job;
use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Statement, statement};
use tenantry_core::value::Date;
use tenantry_core::worker::TenantWork;

/// Each night, and what a night has missed in the next one.
pub(crate) const CHARGE_RENT: Job =
    Job { name: "charge-rent", schedule: "20 0 * * *", run: |work| Box::pin(charge(work)) };

/// Tenancies whose missing rent is charged in one statement.
const AT_ONCE: i64 = 500;

async fn charge(work: &TenantWork) -> Result<(), DbError> {
    while work.write(due(Date::today())).await? >= AT_ONCE {}
    Ok(())
}

/// Charges the rent that fell due until a day and is not charged yet, of some tenancies, and counts the charges.
///
/// Each due day is counted from the first day of the tenancy, so that one of the 31st goes on on the 31st behind a shorter month.
fn due(today: Date) -> Statement<i64> {
    statement(sql!(
        "WITH days AS (SELECT t.id, t.rent, (CASE t.rent_period WHEN 'week' THEN t.starts_on + n * 7 ",
        "ELSE (t.starts_on + n * interval '1 month')::date END) AS day, t.charged_from, t.ends_on ",
        "FROM tenancies t CROSS JOIN LATERAL generate_series(0, CASE t.rent_period WHEN 'week' THEN ($1::date - t.starts_on) / 7 ",
        "ELSE (extract(year FROM $1::date) - extract(year FROM t.starts_on))::int * 12 ",
        "+ (extract(month FROM $1::date) - extract(month FROM t.starts_on))::int END) AS n ",
        "WHERE t.status IN ('running', 'ended') AND t.starts_on <= $1), ",
        "missing AS (SELECT d.id, d.rent, d.day FROM days d WHERE d.day BETWEEN d.charged_from AND $1 ",
        "AND (d.ends_on IS NULL OR d.day <= d.ends_on) AND NOT EXISTS (SELECT 1 FROM tenancy_charges c ",
        "WHERE c.tenancy_id = d.id AND c.due_on = d.day AND c.kind = 'rent') ORDER BY d.day, d.id LIMIT $2), ",
        "charged AS (INSERT INTO tenancy_charges (id, tenancy_id, kind, due_on, amount) ",
        "SELECT gen_random_uuid(), m.id, 'rent', m.day, m.rent FROM missing m ",
        "ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) FROM charged"
    ))
    .bind(today)
    .bind(AT_ONCE)
    .one::<(i64,)>()
    .map(|(count,)| count)
}

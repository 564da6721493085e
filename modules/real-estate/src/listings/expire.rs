//! The job that notes that mandates are over.

use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Statement, statement};
use tenantry_core::value::Date;
use tenantry_core::worker::TenantWork;

use super::ListingStatus;

/// Listings at once, well within the time that a job has.
const AT_ONCE: i64 = 500;

/// Takes what has no mandate any more off the market. A sale that is under way goes on.
///
/// # Errors
/// Those of the database.
pub(crate) async fn expire(work: &TenantWork) -> Result<(), DbError> {
    let today = Date::today();
    while work.write(over(today)).await? >= AT_ONCE {}
    Ok(())
}

/// Expires some of them, notes it, and counts them.
fn over(today: Date) -> Statement<i64> {
    statement(sql!(
        "WITH over AS (SELECT id, status FROM listings WHERE status = ANY ($3) ",
        "AND mandate_until < $1 ORDER BY id LIMIT $2 FOR UPDATE), ",
        "ended AS (UPDATE listings l SET status = 'expired', version = l.version + 1, updated_at = now() ",
        "FROM over o WHERE l.id = o.id RETURNING l.id), ",
        "noted AS (INSERT INTO listing_status_changes (id, listing_id, from_status, to_status, reason) ",
        "SELECT gen_random_uuid(), o.id, o.status, 'expired', 'The mandate is over.' FROM over o JOIN ended e ON e.id = o.id ",
        "RETURNING 1) SELECT count(*) FROM noted"
    ))
    .bind(today)
    .bind(AT_ONCE)
    .bind(ListingStatus::expiring())
    .one::<(i64,)>()
    .map(|(count,)| count)
}

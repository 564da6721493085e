//! The job that notes that mandates are over.

use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Statement, statement};
use tenantry_core::value::Date;
use tenantry_core::worker::TenantWork;

use super::{ListingId, ListingStatus};
use crate::showings;

/// Listings at once, well within the time that a job has.
const AT_ONCE: usize = 500;

/// Takes what has no mandate any more off the market, and cancels viewings and open houses of it. A sale that is under way goes on.
///
/// # Errors
/// Those of the database.
pub(crate) async fn expire(work: &TenantWork) -> Result<(), DbError> {
    let today = Date::today();
    loop {
        let ended = work.transaction(async |tx| {
            let ended = tx.run(over(today)).await?;
            let count = ended.len();
            showings::call_off(tx, work.notify(), ended).await?;
            Ok(count)
        });
        if ended.await? < AT_ONCE {
            return Ok(());
        }
    }
}

/// Expires some of them, and notes it.
fn over(today: Date) -> Statement<Vec<ListingId>> {
    statement(sql!(
        "WITH over AS (SELECT id, status FROM listings WHERE status = ANY ($3) ",
        "AND mandate_until < $1 ORDER BY id LIMIT $2 FOR UPDATE), ",
        "ended AS (UPDATE listings l SET status = 'expired', version = l.version + 1, updated_at = now() ",
        "FROM over o WHERE l.id = o.id RETURNING l.id), ",
        "noted AS (INSERT INTO listing_status_changes (id, listing_id, from_status, to_status, reason) ",
        "SELECT gen_random_uuid(), o.id, o.status, 'expired', 'The mandate is over.' FROM over o JOIN ended e ON e.id = o.id ",
        "RETURNING listing_id) SELECT listing_id FROM noted"
    ))
    .bind(today)
    .bind(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
    .bind(ListingStatus::expiring())
    .many::<(ListingId,)>()
    .map(|ended| ended.into_iter().map(|(id,)| id).collect())
}

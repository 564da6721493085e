//! The SQL of the feed.

use super::Heard;
use crate::events::FEED_DAYS;
use crate::http::Limit;
use crate::sql;
use crate::tenancy::{Statement, select};

/// What has a position after this one, of these resources.
pub(super) fn after(position: i64, resources: Vec<&'static str>, limit: Limit) -> Statement<Vec<Heard>> {
    select::<Heard>(sql!(
        "FROM journal_seals JOIN journal USING (number) WHERE position > $1 AND resource = ANY ($2) AND change <> 'denied' ",
        "AND at > now() - make_interval(days => $3) ORDER BY position LIMIT $4"
    ))
    .bind(position)
    .bind(resources)
    .bind(FEED_DAYS)
    .bind(limit.get())
    .many()
}

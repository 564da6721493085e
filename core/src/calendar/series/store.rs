//! The SQL of series.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::calendar::bookings::{Booking, SeriesId};
use crate::sql;
use crate::tenancy::{Statement, select, statement};
use crate::value::{Text, TimeZone};

pub(super) fn insert(id: SeriesId, rule: Text<200>, zone: TimeZone, module: Option<&'static str>) -> Statement<()> {
    statement(sql!("INSERT INTO booking_series (id, rule, time_zone, module) VALUES ($1, $2, $3, $4)"))
        .bind(id)
        .bind(rule)
        .bind(zone)
        .bind(module)
        .done()
}

pub(super) fn find(id: SeriesId) -> Statement<Option<(Text<200>, TimeZone, i64)>> {
    statement(sql!("SELECT rule, time_zone, version FROM booking_series WHERE id = $1")).bind(id).optional()
}

/// Locks a series until the transaction ends, and says by which clock it comes.
pub(super) fn lock(id: SeriesId) -> Statement<Option<TimeZone>> {
    statement(sql!("SELECT time_zone FROM booking_series WHERE id = $1 FOR NO KEY UPDATE"))
        .bind(id)
        .optional()
        .map(|found: Option<(TimeZone,)>| found.map(|(zone,)| zone))
}

/// The clock of the first of these resources; the organization's where there is none.
pub(super) fn zone_of(resources: Vec<Uuid>) -> Statement<TimeZone> {
    statement(sql!(
        "SELECT coalesce((SELECT time_zone FROM calendar_resources WHERE id = ANY ($1) ",
        "ORDER BY array_position($1, id) LIMIT 1), (SELECT time_zone FROM notification_settings LIMIT 1))"
    ))
    .bind(resources)
    .one()
    .map(|(zone,)| zone)
}

/// All bookings of a series, the first of them first.
pub(super) fn bookings(id: SeriesId) -> Statement<Vec<Booking>> {
    select::<Booking>(sql!("FROM bookings WHERE series_id = $1 ORDER BY starts_at, id")).bind(id).many()
}

/// Those that still take anything, from a time on.
pub(super) fn standing(id: SeriesId, from: OffsetDateTime) -> Statement<Vec<Booking>> {
    let tail = sql!(
        "FROM bookings WHERE series_id = $1 AND starts_at >= $2 AND status IN ('held', 'booked') ORDER BY starts_at, id"
    );
    select::<Booking>(tail).bind(id).bind(from).many()
}

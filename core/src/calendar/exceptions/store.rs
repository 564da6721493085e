//! The SQL of exceptions.

use super::{CalendarException, ExceptionId, NewException};
use crate::calendar::bookings::Booking;
use crate::sql;
use crate::tenancy::{List, Refusal, Statement, change, records, select, statement};

pub(super) fn list() -> List<CalendarException> {
    records(sql!("calendar_exceptions"))
}

pub(super) fn find(id: ExceptionId) -> Statement<Option<CalendarException>> {
    select::<CalendarException>(sql!("FROM calendar_exceptions WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: ExceptionId) -> Statement<Option<CalendarException>> {
    select::<CalendarException>(sql!("FROM calendar_exceptions WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: ExceptionId, new: NewException) -> Statement<CalendarException> {
    let NewException { resource_id, kind, starts_at, ends_at, reason } = new;
    change(sql!("calendar_exceptions"))
        .set(sql!("id"), id)
        .set(sql!("resource_id"), resource_id)
        .set(sql!("kind"), kind)
        .set(sql!("starts_at"), starts_at)
        .set(sql!("ends_at"), ends_at)
        .set(sql!("reason"), reason)
        .insert()
        .refused_by("calendar_exceptions_resource_id_fkey", Refusal::Missing { pointer: "/resource_id" })
}

pub(super) fn delete(id: ExceptionId) -> Statement<()> {
    statement(sql!("DELETE FROM calendar_exceptions WHERE id = $1")).bind(id).done()
}

/// The bookings that stand in it, the first of them first; at most `most`.
pub(super) fn bookings_in(exception: &CalendarException, most: i64) -> Statement<Vec<Booking>> {
    let tail = sql!(
        "FROM bookings b WHERE b.status IN ('held', 'booked') AND b.id IN (SELECT p.booking_id FROM booking_parts p ",
        "JOIN calendar_resources r ON r.id = p.resource_id WHERE p.blocking AND p.period && tstzrange($2, $3) ",
        "AND (p.expires_at IS NULL OR p.expires_at > now()) AND (r.id = $1 OR $1 IS NULL)) ",
        "ORDER BY b.starts_at, b.id LIMIT $4"
    );
    select::<Booking>(tail)
        .bind(exception.resource_id)
        .bind(exception.starts_at)
        .bind(exception.ends_at)
        .bind(most)
        .many()
}

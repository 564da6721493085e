//! The SQL of bookings, and of what they take.

use serde::Serialize;
use time::{Duration, OffsetDateTime};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{Booking, BookingId, Group, Need, SeriesId, Wanted};
use crate::calendar::period::Period;
use crate::calendar::resources::ResourceId;
use crate::row;
use crate::sql;
use crate::tenancy::{List, Refusal, Statement, change, records, select, statement};
use crate::value::{Prose, Text};

const TAKEN: Refusal = Refusal::InTheWay {
    code: "slot_taken",
    detail: "Somebody else has just booked this. Ask for what is free, and choose another time.",
};

pub(super) fn list() -> List<Booking> {
    records(sql!("bookings"))
}

pub(in crate::calendar) fn find(id: BookingId) -> Statement<Option<Booking>> {
    select::<Booking>(sql!("FROM bookings WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends. Whoever changes what a booking takes locks the resources first.
pub(in crate::calendar) fn lock(id: BookingId) -> Statement<Option<Booking>> {
    select::<Booking>(sql!("FROM bookings WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// A resource that a booking takes.
struct Part {
    booking_id: Uuid,
    resource_id: ResourceId,
    minutes_before: i32,
    minutes_after: i32,
    group_of: Option<Uuid>,
    places: Option<i32>,
}
row!(Part { booking_id, resource_id, minutes_before, minutes_after, group_of, places });

impl Part {
    fn need(self) -> (Uuid, Need) {
        let Self { booking_id, resource_id, minutes_before, minutes_after, group_of, places } = self;
        let shared = group_of.zip(places).and_then(|(of, places)| Group::of(of, places));
        (booking_id, Need { resource_id, minutes_before, minutes_after, shared })
    }
}

/// What bookings take, each with the booking.
pub(in crate::calendar) fn needs(bookings: Vec<Uuid>) -> Statement<Vec<(Uuid, Need)>> {
    let parts = select::<Part>(sql!("FROM booking_parts WHERE booking_id = ANY ($1) ORDER BY booking_id, resource_id"));
    parts.bind(bookings).many().map(|parts| parts.into_iter().map(Part::need).collect())
}

/// Locks resources until the transaction ends, in the order of their ids, and tells of each that is there whether a hold of it is over
/// that the constraint does not know to be.
pub(in crate::calendar) fn lock_resources(ids: Vec<Uuid>) -> Statement<Vec<(Uuid, bool)>> {
    statement(sql!(
        "SELECT r.id, EXISTS (SELECT 1 FROM booking_parts p ",
        "WHERE p.blocking AND p.expires_at <= now() AND p.resource_id = r.id) ",
        "FROM calendar_resources r WHERE r.id = ANY ($1) ORDER BY r.id FOR NO KEY UPDATE OF r"
    ))
    .bind(ids)
    .many()
}

/// Notes of holds of these resources that they are over.
pub(in crate::calendar) fn end_holds(resources: Vec<Uuid>) -> Statement<()> {
    statement(sql!(
        "WITH ended AS (UPDATE bookings SET status = 'expired', version = version + 1, updated_at = now() ",
        "WHERE status = 'held' AND expires_at <= now() AND resource_ids && $1 RETURNING id) ",
        "UPDATE booking_parts p SET blocking = false FROM ended WHERE p.booking_id = ended.id"
    ))
    .bind(resources)
    .done()
}

/// The same of all holds: a list shows them as over from the moment on, whatever is written.
pub(in crate::calendar) fn forget_holds() -> Statement<()> {
    statement(sql!(
        "WITH ended AS (UPDATE bookings SET status = 'expired', version = version + 1, updated_at = now() ",
        "WHERE status = 'held' AND expires_at <= now() RETURNING id) ",
        "UPDATE booking_parts p SET blocking = false FROM ended WHERE p.booking_id = ended.id"
    ))
    .done()
}

/// A booking as the database reads it.
#[derive(Debug, Serialize)]
struct Row {
    id: BookingId,
    title: Text<200>,
    note: Option<Prose<2000>>,
    status: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    starts_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
    resource_ids: Vec<Uuid>,
    overbook_reason: Option<Text<500>>,
    series_id: Option<SeriesId>,
    module: Option<&'static str>,
    created_by: Option<Uuid>,
    needs: Vec<Need>,
}

impl From<Wanted> for Row {
    fn from(wanted: Wanted) -> Self {
        let Wanted { id, title, note, period, needs, hold_minutes, overbook_reason, series_id, module, by } = wanted;
        let expires_at = hold_minutes.map(|minutes| OffsetDateTime::now_utc() + Duration::minutes(minutes.into()));
        Self {
            id,
            title,
            note,
            status: if expires_at.is_some() { "held" } else { "booked" },
            starts_at: period.starts_at,
            ends_at: period.ends_at,
            expires_at,
            resource_ids: needs.iter().map(|need| need.resource_id.as_uuid()).collect(),
            overbook_reason,
            series_id,
            module,
            created_by: by,
            needs,
        }
    }
}

/// Makes bookings with all that they take.
pub(in crate::calendar) fn insert(wanted: Vec<Wanted>) -> Statement<Vec<Booking>> {
    let rows: Vec<Row> = wanted.into_iter().map(Row::from).collect();
    statement(sql!(
        "WITH wanted AS (SELECT w.id, w.title, w.note, w.status, w.starts_at, w.ends_at, w.expires_at, w.resource_ids, ",
        "w.overbook_reason, w.series_id, w.module, w.created_by, w.needs ",
        "FROM jsonb_to_recordset($1) AS w (id uuid, title text, note text, status text, starts_at timestamptz, ",
        "ends_at timestamptz, expires_at timestamptz, resource_ids uuid[], overbook_reason text, series_id uuid, ",
        "module text, created_by uuid, needs jsonb)), parts AS (",
        "INSERT INTO booking_parts (booking_id, resource_id, minutes_before, minutes_after, period, exclusive, expires_at, ",
        "group_id, group_of, places) ",
        "SELECT w.id, n.resource_id, n.minutes_before, n.minutes_after, ",
        "tstzrange(w.starts_at - make_interval(mins => n.minutes_before), w.ends_at + make_interval(mins => n.minutes_after)), ",
        "r.capacity = 1 AND w.overbook_reason IS NULL, w.expires_at, ",
        "(n.shared ->> 'id')::uuid, (n.shared ->> 'of')::uuid, (n.shared ->> 'places')::integer FROM wanted w ",
        "CROSS JOIN LATERAL jsonb_to_recordset(w.needs) AS n (resource_id uuid, minutes_before integer, minutes_after integer, shared jsonb) ",
        "JOIN calendar_resources r ON r.id = n.resource_id) ",
        "INSERT INTO bookings (id, title, note, status, starts_at, ends_at, expires_at, resource_ids, overbook_reason, ",
        "series_id, module, created_by) SELECT w.id, w.title, w.note, w.status, w.starts_at, w.ends_at, w.expires_at, ",
        "w.resource_ids, w.overbook_reason, w.series_id, w.module, w.created_by FROM wanted w ",
        "RETURNING id, title, note, status, starts_at, ends_at, expires_at, resource_ids, overbook_reason, series_id, ",
        "module, created_at, updated_at, version"
    ))
    .bind(Json(rows))
    .many()
    .refused_by("booking_parts_overlap_excl", TAKEN)
}

/// Takes from bookings what they have, before they get something else.
pub(in crate::calendar) fn let_go(ids: Vec<Uuid>) -> Statement<()> {
    statement(sql!("DELETE FROM booking_parts WHERE booking_id = ANY ($1)")).bind(ids).done()
}

/// Where a booking goes.
#[derive(Debug, Serialize)]
pub(in crate::calendar) struct Move {
    pub(in crate::calendar) id: BookingId,
    title: Text<200>,
    note: Option<Prose<2000>>,
    #[serde(with = "time::serde::rfc3339")]
    pub(in crate::calendar) starts_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub(in crate::calendar) ends_at: OffsetDateTime,
    pub(in crate::calendar) needs: Vec<Need>,
    pub(in crate::calendar) overbook_reason: Option<Text<500>>,
}

impl Move {
    /// Of a booking as it is to be called from then on.
    pub(in crate::calendar) fn new(of: &Booking, to: Period, needs: Vec<Need>, reason: Option<Text<500>>) -> Self {
        let (id, title, note) = (of.id, of.title.clone(), of.note.clone());
        Self { id, title, note, starts_at: to.starts_at, ends_at: to.ends_at, needs, overbook_reason: reason }
    }
}

/// Moves bookings that have let go of what they had.
pub(in crate::calendar) fn update(moves: Vec<Move>) -> Statement<Vec<Booking>> {
    statement(sql!(
        "WITH wanted AS (SELECT w.id, w.title, w.note, w.starts_at, w.ends_at, w.overbook_reason, w.needs ",
        "FROM jsonb_to_recordset($1) AS w (id uuid, title text, note text, starts_at timestamptz, ends_at timestamptz, overbook_reason text, ",
        "needs jsonb)), parts AS (",
        "INSERT INTO booking_parts (booking_id, resource_id, minutes_before, minutes_after, period, exclusive, expires_at, ",
        "group_id, group_of, places) ",
        "SELECT w.id, n.resource_id, n.minutes_before, n.minutes_after, ",
        "tstzrange(w.starts_at - make_interval(mins => n.minutes_before), w.ends_at + make_interval(mins => n.minutes_after)), ",
        "r.capacity = 1 AND w.overbook_reason IS NULL, b.expires_at, ",
        "(n.shared ->> 'id')::uuid, (n.shared ->> 'of')::uuid, (n.shared ->> 'places')::integer FROM wanted w JOIN bookings b ON b.id = w.id ",
        "CROSS JOIN LATERAL jsonb_to_recordset(w.needs) AS n (resource_id uuid, minutes_before integer, minutes_after integer, shared jsonb) ",
        "JOIN calendar_resources r ON r.id = n.resource_id RETURNING booking_id, resource_id) ",
        "UPDATE bookings b SET title = w.title, note = w.note, starts_at = w.starts_at, ends_at = w.ends_at, overbook_reason = w.overbook_reason, ",
        "resource_ids = (SELECT array_agg(p.resource_id ORDER BY p.resource_id) FROM parts p WHERE p.booking_id = b.id), ",
        "version = b.version + 1, updated_at = now() FROM wanted w WHERE b.id = w.id ",
        "RETURNING b.id, b.title, b.note, b.status, b.starts_at, b.ends_at, b.expires_at, b.resource_ids, ",
        "b.overbook_reason, b.series_id, b.module, b.created_at, b.updated_at, b.version"
    ))
    .bind(Json(moves))
    .many()
    .refused_by("booking_parts_overlap_excl", TAKEN)
}

/// Says otherwise what a booking is for.
pub(super) fn reword(booking: Booking) -> Statement<Booking> {
    change(sql!("bookings")).set(sql!("title"), booking.title).set(sql!("note"), booking.note).update(booking.id)
}

/// Makes a hold a booking.
pub(in crate::calendar) fn confirm(id: BookingId) -> Statement<Booking> {
    statement(sql!(
        "WITH parts AS (UPDATE booking_parts SET expires_at = NULL WHERE booking_id = $1) ",
        "UPDATE bookings SET status = 'booked', expires_at = NULL, version = version + 1, updated_at = now() WHERE id = $1 ",
        "RETURNING id, title, note, status, starts_at, ends_at, expires_at, resource_ids, overbook_reason, series_id, ",
        "module, created_at, updated_at, version"
    ))
    .bind(id)
    .one()
}

/// Cancels bookings, which take nothing any more.
pub(in crate::calendar) fn cancel(ids: Vec<Uuid>) -> Statement<Vec<Booking>> {
    statement(sql!(
        "WITH parts AS (UPDATE booking_parts SET blocking = false WHERE booking_id = ANY ($1)) ",
        "UPDATE bookings SET status = 'cancelled', version = version + 1, updated_at = now() WHERE id = ANY ($1) ",
        "RETURNING id, title, note, status, starts_at, ends_at, expires_at, resource_ids, overbook_reason, series_id, ",
        "module, created_at, updated_at, version"
    ))
    .bind(ids)
    .many()
}

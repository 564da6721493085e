//! One resource in a window of time: when it is open, and when it is taken.

use time::OffsetDateTime;
use uuid::Uuid;

use super::hours::{OpenHours, open_in};
use super::period::{Period, Periods};
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, statement};
use crate::value::{Clock, Several, TimeZone};

/// A resource as it stands in the database, with what touches a window.
pub(super) struct Timetable {
    id: Uuid,
    zone: TimeZone,
    hours: Option<Several<OpenHours>>,
    capacity: i32,
    active: bool,
    open_from: Vec<OffsetDateTime>,
    open_until: Vec<OffsetDateTime>,
    closed_from: Vec<OffsetDateTime>,
    closed_until: Vec<OffsetDateTime>,
    taken_from: Vec<OffsetDateTime>,
    taken_until: Vec<OffsetDateTime>,
}

row!(Timetable {
    id,
    zone,
    hours,
    capacity,
    active,
    open_from,
    open_until,
    closed_from,
    closed_until,
    taken_from,
    taken_until
});

/// What touches a window from `$1` until `$2` of the resource `r`, but for the bookings `$3`: what is open beside its hours (`o`), what is
/// closed (`c`), what is taken (`t`).
macro_rules! touching {
    () => {
        "CROSS JOIN LATERAL (SELECT array_agg(e.starts_at ORDER BY e.id) AS starts, array_agg(e.ends_at ORDER BY e.id) AS ends \
         FROM calendar_exceptions e WHERE tstzrange(e.starts_at, e.ends_at) && tstzrange($1, $2) AND e.kind = 'open' \
         AND (e.resource_id = r.id OR e.resource_id IS NULL)) o \
         CROSS JOIN LATERAL (SELECT array_agg(e.starts_at ORDER BY e.id) AS starts, array_agg(e.ends_at ORDER BY e.id) AS ends \
         FROM calendar_exceptions e WHERE tstzrange(e.starts_at, e.ends_at) && tstzrange($1, $2) AND e.kind = 'closed' \
         AND (e.resource_id = r.id OR e.resource_id IS NULL)) c \
         CROSS JOIN LATERAL (SELECT array_agg(lower(p.period) ORDER BY p.booking_id) AS starts, \
         array_agg(upper(p.period) ORDER BY p.booking_id) AS ends \
         FROM booking_parts p WHERE p.blocking AND p.resource_id = r.id AND p.period && tstzrange($1, $2) \
         AND (p.expires_at IS NULL OR p.expires_at > now()) AND p.booking_id <> ALL ($3)) t "
    };
}

/// The columns of a [`Timetable`], where the resource is `r` and what touches the window stands beside it.
macro_rules! columns {
    () => {
        "r.id, r.time_zone, r.hours, r.capacity, r.active, coalesce(o.starts, '{}'), coalesce(o.ends, '{}'), \
         coalesce(c.starts, '{}'), coalesce(c.ends, '{}'), coalesce(t.starts, '{}'), coalesce(t.ends, '{}') "
    };
}
pub(super) use {columns, touching};

/// The resources of these ids in a window. `but` is left out of what is taken: a booking that is to be moved is not in its own way.
pub(super) fn look(resources: Vec<Uuid>, window: Period, but: Vec<Uuid>) -> Statement<Vec<Timetable>> {
    statement(sql!("SELECT ", columns!(), "FROM calendar_resources r ", touching!(), "WHERE r.id = ANY ($4)"))
        .bind(window.starts_at)
        .bind(window.ends_at)
        .bind(but)
        .bind(resources)
        .many()
}

impl Timetable {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn is_active(&self) -> bool {
        self.active
    }

    /// When it is open in the window: its hours and what is open beside them, less leave and holidays.
    pub(super) fn open(&self, window: Period) -> Periods {
        let mut open = match &self.hours {
            None => vec![window],
            Some(hours) => open_in(hours, &Clock::of_or_utc(&self.zone), window),
        };
        open.extend(zip(&self.open_from, &self.open_until));
        Periods::joined(open).without(&Periods::joined(zip(&self.closed_from, &self.closed_until)))
    }

    /// When as many have it as may, of all that touches a window.
    pub(super) fn full(&self, window: Period) -> Periods {
        let mut taken = zip(&self.taken_from, &self.taken_until);
        taken.retain(|period| period.overlaps(window));
        Periods::crowded(&taken, usize::try_from(self.capacity).unwrap_or(1))
    }

    /// Counts a further period as taken.
    pub(super) fn take(&mut self, period: Period) {
        self.taken_from.push(period.starts_at);
        self.taken_until.push(period.ends_at);
    }
}

fn zip(starts: &[OffsetDateTime], ends: &[OffsetDateTime]) -> Vec<Period> {
    starts.iter().zip(ends).filter_map(|(starts_at, ends_at)| Period::new(*starts_at, *ends_at)).collect()
}

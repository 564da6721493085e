//! One resource in a window of time: when it is open, and when it is taken.

use time::OffsetDateTime;
use uuid::Uuid;

use super::bookings::{Group, Need};
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
    /// By whom: a booking, or a group of them.
    taken_by: Vec<Uuid>,
    /// For what, of a group.
    taken_for: Vec<Option<Uuid>>,
    /// How many places that group has.
    taken_places: Vec<Option<i32>>,
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
    taken_until,
    taken_by,
    taken_for,
    taken_places
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
         array_agg(upper(p.period) ORDER BY p.booking_id) AS ends, \
         array_agg(coalesce(p.group_id, p.booking_id) ORDER BY p.booking_id) AS who, \
         array_agg(p.group_of ORDER BY p.booking_id) AS what, array_agg(p.places ORDER BY p.booking_id) AS places FROM booking_parts p WHERE p.blocking AND p.resource_id = r.id AND p.period && tstzrange($1, $2) \
         AND (p.expires_at IS NULL OR p.expires_at > now()) AND p.booking_id <> ALL ($3)) t "
    };
}

/// The columns of a [`Timetable`], where the resource is `r` and what touches the window stands beside it.
macro_rules! columns {
    () => {
        "r.id, r.time_zone, r.hours, r.capacity, r.active, coalesce(o.starts, '{}'), coalesce(o.ends, '{}'), \
         coalesce(c.starts, '{}'), coalesce(c.ends, '{}'), coalesce(t.starts, '{}'), coalesce(t.ends, '{}'), coalesce(t.who, '{}'), \
         coalesce(t.what, '{}'), coalesce(t.places, '{}') "
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

    /// When as many have it as may, of all that touches a window. A group counts as one.
    pub(super) fn full(&self, window: Period) -> Periods {
        self.crowded(window, None)
    }

    /// Whether it is free at a time for somebody, or for one more of a group that has it.
    pub(super) fn fit(&self, need: &Need, slot: Period, full: &Periods) -> Option<Fit> {
        let around = need.around(slot);
        if !full.touch(around) {
            return Some(Fit::Free);
        }
        let (group, left) = self.group(need, around)?;
        (left > 0 && !self.crowded(around, Some(group)).touch(around)).then_some(Fit::Joins { group, left })
    }

    /// How a need fits in whatever is in the way: with its own group, where that is there.
    pub(super) fn squeeze(&self, need: &Need, slot: Period) -> Fit {
        self.group(need, need.around(slot)).map_or(Fit::Free, |(group, left)| Fit::Joins { group, left })
    }

    /// The group that has it for exactly this time, and how many places that has left: as many as each of them was told there are.
    fn group(&self, need: &Need, around: Period) -> Option<(Uuid, i32)> {
        let shared = need.shared.as_ref()?;
        let mut mates = self.taken().filter(|taken| taken.what == Some(shared.what()) && taken.period == around);
        let Taken { who, places, .. } = mates.next()?;
        let (mut left, mut places) = (-1, places.unwrap_or(i32::MAX).min(shared.places()));
        for mate in mates.filter(|mate| mate.who == who) {
            left -= 1;
            places = places.min(mate.places.unwrap_or(i32::MAX));
        }
        Some((who, left + places))
    }

    /// Counts a further period as taken.
    pub(super) fn take(&mut self, period: Period, who: Uuid, shared: Option<&Group>) {
        self.taken_from.push(period.starts_at);
        self.taken_until.push(period.ends_at);
        self.taken_by.push(who);
        self.taken_for.push(shared.map(Group::what));
        self.taken_places.push(shared.map(Group::places));
    }

    fn taken(&self) -> impl Iterator<Item = Taken> {
        let periods = self.taken_from.iter().zip(&self.taken_until);
        let takers = self.taken_by.iter().zip(self.taken_for.iter().zip(&self.taken_places));
        periods.zip(takers).filter_map(|((starts_at, ends_at), (who, (what, places)))| {
            Some(Taken { period: Period::new(*starts_at, *ends_at)?, who: *who, what: *what, places: *places })
        })
    }

    fn crowded(&self, window: Period, but: Option<Uuid>) -> Periods {
        let others = self.taken().filter(|taken| taken.period.overlaps(window) && Some(taken.who) != but);
        let mut others: Vec<(Uuid, Period)> = others.map(|taken| (taken.who, taken.period)).collect();
        if self.capacity > 1 {
            others.sort_by_key(|(who, period)| (*who, period.starts_at));
            others.dedup();
        }
        let periods: Vec<Period> = others.into_iter().map(|(_, period)| period).collect();
        Periods::crowded(&periods, usize::try_from(self.capacity).unwrap_or(1))
    }
}

/// A time at which it is taken.
struct Taken {
    period: Period,
    who: Uuid,
    what: Option<Uuid>,
    places: Option<i32>,
}

/// How a need fits in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fit {
    /// Nobody is in the way.
    Free,
    /// It is a further one of this group, which has as many places left.
    Joins { group: Uuid, left: i32 },
}

impl Fit {
    pub(super) fn group(self) -> Option<Uuid> {
        match self {
            Self::Free => None,
            Self::Joins { group, .. } => Some(group),
        }
    }

    /// How many places are left in the group.
    pub(super) fn left(self) -> Option<i32> {
        match self {
            Self::Free => None,
            Self::Joins { left, .. } => Some(left),
        }
    }
}

/// Which group needs join, where all that is shared is shared with the same others; none where they open one. An error where some of it
/// is with others.
pub(super) fn joined<'a>(fits: impl Iterator<Item = (&'a Need, Fit)>) -> Result<Option<Uuid>, Apart> {
    let mut groups = fits.filter(|(need, _)| need.shared.is_some()).map(|(_, fit)| fit.group());
    let first = groups.next().flatten();
    if groups.all(|group| group == first) { Ok(first) } else { Err(Apart) }
}

/// That what is to be shared is with others already, each of it with different ones.
pub(super) struct Apart;

fn zip(starts: &[OffsetDateTime], ends: &[OffsetDateTime]) -> Vec<Period> {
    starts.iter().zip(ends).filter_map(|(starts_at, ends_at)| Period::new(*starts_at, *ends_at)).collect()
}

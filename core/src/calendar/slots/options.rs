//! Slots of several options: of anybody who offers something, in any room that there is. One statement finds what is needed and when it
//! is free.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Every, starts};
use crate::calendar::bookings::{Group, Need};
use crate::calendar::period::{Period, Periods};
use crate::calendar::resources::ResourceId;
use crate::calendar::timetable::{Fit, Timetable, columns, touching};
use crate::sql;
use crate::tenancy::{Columns, DbError, FromRow, Query, Statement, Unowned};
use crate::value::Clock;

/// A slot of an option.
#[derive(Clone, Debug)]
pub struct FreeOption {
    /// The option.
    pub option: Uuid,
    /// When it is free.
    pub period: Period,
    /// The resource of each seat that is.
    pub resources: Vec<ResourceId>,
    /// How many can still have it: of a group that has it already, as many as it has places left.
    pub places: i32,
}

/// The slots of all options, the first of them first.
#[derive(Debug)]
pub struct FreeOptions {
    /// The slots.
    pub items: Vec<FreeOption>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
}

/// The most that a resource is needed before and behind.
const AROUND: Duration = Duration::days(1);

/// Finds the slots of options. None where `chosen` finds nothing at all.
///
/// `chosen` gives a row for each resource: `option_id`; `seat`, which counts from 0 what an option needs at once, where of several
/// resources of one seat any will do; `seats`, how many it needs; `resource_id`; `minutes_before` and `minutes_after` around it;
/// `minutes`, the length of a slot; `group_of` and `places`, what several can come for together, and how many; `not_before` and
/// `not_after`, between which it is to begin, or null. A row without an option says that there is something to ask for, but nobody to
/// give it.
pub fn free_options(chosen: Query, window: Period, every: Every, most: usize) -> Statement<Option<FreeOptions>> {
    let wide = window.widened(AROUND, AROUND);
    let found = chosen.into_table(
        sql!("chosen"),
        sql!(
            "SELECT k.option_id, k.seat, k.seats, k.minutes_before, k.minutes_after, k.minutes, k.group_of, k.places, ",
            "k.not_before, k.not_after, r.id, ",
            columns!(),
            "FROM chosen k LEFT JOIN calendar_resources r ON r.id = k.resource_id ",
            touching!(),
            "ORDER BY k.option_id, k.seat, k.resource_id"
        ),
    );
    let found = found.bind(wide.starts_at).bind(wide.ends_at).bind(Vec::<Uuid>::new()).many::<Chosen>();
    found.map(move |rows| (!rows.is_empty()).then(|| free(&rows, window, every, most)))
}

/// A resource that an option needs.
struct Chosen {
    option: Option<Uuid>,
    seat: i32,
    seats: i32,
    before: i32,
    after: i32,
    minutes: i32,
    group_of: Uuid,
    places: i32,
    not_before: Option<OffsetDateTime>,
    not_after: Option<OffsetDateTime>,
    table: Option<Timetable>,
}

/// Fourteen columns of a timetable.
const TIMETABLE: usize = 14;

impl FromRow for Chosen {
    const COLUMNS: &'static str = "";

    fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError> {
        let (option, seat, seats) = (columns.take()?, columns.take()?, columns.take()?);
        let (before, after, minutes) = (columns.take()?, columns.take()?, columns.take()?);
        let (group_of, places) = (columns.take()?, columns.take()?);
        let (not_before, not_after) = (columns.take()?, columns.take()?);
        let table = match columns.take::<Option<Uuid>>()? {
            Some(_) => Some(Timetable::from_columns(columns)?),
            None => {
                columns.skip(TIMETABLE)?;
                None
            }
        };
        Ok(Self { option, seat, seats, before, after, minutes, group_of, places, not_before, not_after, table })
    }
}
impl Unowned for Chosen {}

/// One resource that will do for a seat.
struct Candidate<'a> {
    need: Need,
    table: &'a Timetable,
    open: Periods,
    full: Periods,
}

impl Candidate<'_> {
    fn fit(&self, slot: Period) -> Option<Fit> {
        self.open.hold(slot).then(|| self.table.fit(&self.need, slot, &self.full)).flatten()
    }
}

fn free(rows: &[Chosen], window: Period, every: Every, most: usize) -> FreeOptions {
    let mut items = Vec::new();
    for rows in rows.chunk_by(|one, other| one.option == other.option) {
        if let Some(option) = rows.first().and_then(|row| row.option) {
            items.extend(of_option(option, rows, window, every, most + 1));
        }
    }
    items.sort_by_key(|free| (free.period.starts_at, free.option));
    let has_more = items.len() > most;
    items.truncate(most);
    FreeOptions { items, has_more }
}

fn of_option(option: Uuid, rows: &[Chosen], window: Period, every: Every, most: usize) -> Vec<FreeOption> {
    let Some(first) = rows.first() else { return Vec::new() };
    let length = Duration::minutes(first.minutes.into());
    let from = window.starts_at.max(OffsetDateTime::now_utc());
    let from = first.not_before.map_or(from, |at| at.max(from));
    let until =
        first.not_after.and_then(|at| at.checked_add(length)).map_or(window.ends_at, |at| at.min(window.ends_at));
    let Some(window) = Period::new(from, until) else { return Vec::new() };
    let seats: Vec<Vec<Candidate<'_>>> = rows
        .chunk_by(|one, other| one.seat == other.seat)
        .map(|rows| rows.iter().filter_map(|row| candidate(row, window)).collect())
        .filter(|seat: &Vec<Candidate<'_>>| !seat.is_empty())
        .collect();
    if i32::try_from(seats.len()) != Ok(first.seats) {
        return Vec::new();
    }
    // Where all seats have somebody; whether it is the same one for all of a slot is asked of each.
    let open = seats.iter().fold(Periods::joined(vec![window]), |open, seat| {
        open.within(&Periods::joined(seat.iter().flat_map(|candidate| candidate.open.iter()).collect()))
    });
    let clock = first.table.as_ref().map_or_else(Clock::utc, |table| Clock::of_or_utc(table.zone()));
    let periods = open.iter().flat_map(|open| starts(open, length, every, &clock));
    let slot = |period: Period| {
        let (resources, places) = taken(&seats, period, |fit| fit == Fit::Free, first.places)
            .or_else(|| joined(&seats, period, first.places))?;
        Some(FreeOption { option, period, resources, places })
    };
    periods.filter_map(|start| Period::new(start, start + length)).filter_map(slot).take(most).collect()
}

/// Who of each seat will do, and how many can still come: no more than to any of them.
fn taken(
    seats: &[Vec<Candidate<'_>>],
    slot: Period,
    will_do: impl Fn(Fit) -> bool,
    places: i32,
) -> Option<(Vec<ResourceId>, i32)> {
    let mut left = places;
    let mut resources = Vec::with_capacity(seats.len());
    for seat in seats {
        let fits = seat.iter().filter_map(|candidate| Some((candidate.need.resource_id, candidate.fit(slot)?)));
        let (resource, fit) = fits.into_iter().find(|(_, fit)| will_do(*fit))?;
        left = left.min(fit.left().unwrap_or(places));
        resources.push(resource);
    }
    Some((resources, left))
}

/// The same of a group that has the first seat already: it has the others too.
fn joined(seats: &[Vec<Candidate<'_>>], slot: Period, places: i32) -> Option<(Vec<ResourceId>, i32)> {
    let group = seats.first()?.iter().find_map(|candidate| candidate.fit(slot)?.group())?;
    taken(seats, slot, |fit| fit.group() == Some(group), places)
}

fn candidate(row: &Chosen, window: Period) -> Option<Candidate<'_>> {
    let table = row.table.as_ref().filter(|table| table.is_active())?;
    let shared = Group::of(row.group_of, row.places);
    let need = Need { resource_id: table.id().into(), minutes_before: row.before, minutes_after: row.after, shared };
    let (open, full) = (table.open(window), table.full(need.around(window)));
    Some(Candidate { need, table, open, full })
}

//! Slots of several options: of anybody who offers something, in any room that there is. One statement finds what is needed and when it
//! is free.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Every, starts};
use crate::calendar::bookings::Need;
use crate::calendar::period::{Period, Periods};
use crate::calendar::resources::ResourceId;
use crate::calendar::timetable::{Timetable, columns, touching};
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
/// `minutes`, the length of a slot; `not_before` and `not_after`, between which it is to begin, or null. A row without an option says
/// that there is something to ask for, but nobody to give it.
pub fn free_options(chosen: Query, window: Period, every: Every, most: usize) -> Statement<Option<FreeOptions>> {
    let wide = window.widened(AROUND, AROUND);
    let found = chosen.into_table(sql!("chosen"), sql!(
        "SELECT k.option_id, k.seat, k.seats, k.minutes_before, k.minutes_after, k.minutes, k.not_before, k.not_after, r.id, ",
        columns!(),
        "FROM chosen k LEFT JOIN calendar_resources r ON r.id = k.resource_id ",
        touching!(),
        "ORDER BY k.option_id, k.seat, k.resource_id"
    ));
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
    not_before: Option<OffsetDateTime>,
    not_after: Option<OffsetDateTime>,
    table: Option<Timetable>,
}

/// Eleven columns of a timetable.
const TIMETABLE: usize = 11;

impl FromRow for Chosen {
    const COLUMNS: &'static str = "";

    fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError> {
        let (option, seat, seats) = (columns.take()?, columns.take()?, columns.take()?);
        let (before, after, minutes) = (columns.take()?, columns.take()?, columns.take()?);
        let (not_before, not_after) = (columns.take()?, columns.take()?);
        let table = match columns.take::<Option<Uuid>>()? {
            Some(_) => Some(Timetable::from_columns(columns)?),
            None => {
                columns.skip(TIMETABLE)?;
                None
            }
        };
        Ok(Self { option, seat, seats, before, after, minutes, not_before, not_after, table })
    }
}
impl Unowned for Chosen {}

/// One resource that will do for a seat.
struct Candidate {
    need: Need,
    open: Periods,
    full: Periods,
}

impl Candidate {
    fn is_free(&self, slot: Period) -> bool {
        self.open.hold(slot) && !self.full.touch(self.need.around(slot))
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
    let seats: Vec<Vec<Candidate>> = rows
        .chunk_by(|one, other| one.seat == other.seat)
        .map(|rows| rows.iter().filter_map(|row| candidate(row, window)).collect())
        .filter(|seat: &Vec<Candidate>| !seat.is_empty())
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
        let taken = seats.iter().map(|seat| seat.iter().find(|candidate| candidate.is_free(period)));
        let resources =
            taken.map(|found| found.map(|candidate| candidate.need.resource_id)).collect::<Option<Vec<_>>>()?;
        Some(FreeOption { option, period, resources })
    };
    periods.filter_map(|start| Period::new(start, start + length)).filter_map(slot).take(most).collect()
}

fn candidate(row: &Chosen, window: Period) -> Option<Candidate> {
    let table = row.table.as_ref().filter(|table| table.is_active())?;
    let need = Need { resource_id: table.id().into(), minutes_before: row.before, minutes_after: row.after };
    let (open, full) = (table.open(window), table.full(need.around(window)));
    Some(Candidate { need, open, full })
}

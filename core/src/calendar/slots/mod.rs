//! Slots: when what is needed is free for long enough. They are computed from hours, exceptions and bookings, and stored nowhere.

mod api;
mod options;

use poem_openapi::Object;
use serde::Serialize;
use time::{Duration, OffsetDateTime};

pub use api::SlotsApi;
pub use options::{FreeOption, FreeOptions, free_options};

use super::bookings::Need;
use super::period::{Period, Periods};
use super::resources::ResourceId;
use super::timetable::{Timetable, joined, look};
use crate::choice;
use crate::tenancy::Statement;
use crate::value::Clock;

choice! {
    /// Every how many minutes of an hour a slot may begin.
    pub enum Every {
        /// Twelve times an hour.
        FiveMinutes = "5",
        /// Six times an hour.
        TenMinutes = "10",
        /// Each quarter of an hour.
        Quarter = "15",
        /// Three times an hour.
        TwentyMinutes = "20",
        /// Each half hour.
        HalfHour = "30",
        /// Each hour.
        Hour = "60",
    }
}

impl Every {
    fn seconds(self) -> i64 {
        match self {
            Self::FiveMinutes => 300,
            Self::TenMinutes => 600,
            Self::Quarter => 900,
            Self::TwentyMinutes => 1200,
            Self::HalfHour => 1800,
            Self::Hour => 3600,
        }
    }
}

/// What is free.
#[derive(Debug, Serialize, Object)]
pub struct Slots {
    /// The times, the first of them first.
    pub items: Vec<Period>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
}

/// What slots are asked for.
#[derive(Debug)]
pub struct SlotsAsked {
    /// What is needed; all of it has to be free.
    pub needs: Vec<Need>,
    /// When to look.
    pub window: Period,
    /// How long a slot is.
    pub length: Duration,
    /// Every how many minutes one may begin.
    pub every: Every,
    /// How many to find.
    pub most: usize,
}

/// Finds slots. Resources that do not exist have none, and there is nothing free without them.
pub fn free_slots(asked: SlotsAsked) -> Statement<Slots> {
    let ids = asked.needs.iter().map(|need| need.resource_id.as_uuid()).collect();
    look(ids, around(&asked.needs, asked.window), Vec::new()).map(move |tables| {
        let mut items = match tables.len() == asked.needs.len() {
            true => free(&tables, &asked.needs, asked.window, asked.length, asked.every, asked.most + 1),
            false => Vec::new(),
        };
        let has_more = items.len() > asked.most;
        items.truncate(asked.most);
        Slots { items, has_more }
    })
}

/// Which of these resources can be booked for a period, in the order in which they are asked for.
pub fn free_of(needs: Vec<Need>, period: Period) -> Statement<Vec<ResourceId>> {
    let ids = needs.iter().map(|need| need.resource_id.as_uuid()).collect();
    look(ids, around(&needs, period), Vec::new()).map(move |tables| {
        let is_free = |need: &&Need| {
            let around = need.around(period);
            let table = tables.iter().find(|table| table.id() == need.resource_id.as_uuid() && table.is_active());
            table.is_some_and(|table| table.open(period).hold(period) && !table.full(around).touch(around))
        };
        needs.iter().filter(is_free).map(|need| need.resource_id).collect()
    })
}

/// A window with the time around it that is needed too.
pub(super) fn around(needs: &[Need], window: Period) -> Period {
    let most = |of: fn(&Need) -> i32| Duration::minutes(needs.iter().map(of).max().unwrap_or(0).into());
    window.widened(most(|need| need.minutes_before), most(|need| need.minutes_after))
}

/// The first slots in a window that all of these tables have free.
pub(super) fn free(
    tables: &[Timetable],
    needs: &[Need],
    window: Period,
    length: Duration,
    every: Every,
    most: usize,
) -> Vec<Period> {
    let now = OffsetDateTime::now_utc();
    let Some(window) = Period::new(window.starts_at.max(now), window.ends_at) else { return Vec::new() };
    if tables.iter().any(|table| !table.is_active()) {
        return Vec::new();
    }
    let mut open = Periods::joined(vec![window]);
    let mut needed = Vec::new();
    for table in tables {
        open = open.within(&table.open(window));
        if let Some(need) = needs.iter().find(|need| need.resource_id.as_uuid() == table.id()) {
            needed.push((need, table, table.full(around(needs, window))));
        }
    }
    let clock = tables.first().map_or_else(Clock::utc, |table| Clock::of_or_utc(table.zone()));
    let starts = open.iter().flat_map(|open| starts(open, length, every, &clock));
    let is_free = |slot: &Period| {
        let fits = needed.iter().map(|(need, table, full)| Some((*need, table.fit(need, *slot, full)?)));
        fits.collect::<Option<Vec<_>>>().is_some_and(|fits| joined(fits.into_iter()).is_ok())
    };
    starts.filter_map(|start| Period::new(start, start + length)).filter(is_free).take(most).collect()
}

/// When something of this length may begin, as the clock on the wall has it.
fn starts(open: Period, length: Duration, every: Every, clock: &Clock) -> impl Iterator<Item = OffsetDateTime> {
    let step = every.seconds();
    let begin = open.starts_at.unix_timestamp() + i64::from(open.starts_at.nanosecond() > 0);
    let first = begin + (-(begin + clock.offset_seconds(open.starts_at))).rem_euclid(step);
    let last = open.ends_at - length;
    (0..)
        .map_while(move |n: i64| OffsetDateTime::from_unix_timestamp(first + n * step).ok())
        .take_while(move |start| *start <= last)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::value::TimeZone;

    /// Where the clock is five and three quarters hours ahead, a slot begins when it shows a full hour.
    #[test]
    fn slots_begin_by_the_clock_on_the_wall() {
        let clock = Clock::of(&TimeZone::parse("Asia/Kathmandu").unwrap()).unwrap();
        let open = Period::new(datetime!(2031-01-01 03:20 UTC), datetime!(2031-01-01 06:00 UTC)).unwrap();
        let starts: Vec<_> = starts(open, Duration::hours(1), Every::Hour, &clock).collect();
        assert_eq!(starts, [datetime!(2031-01-01 04:15 UTC)]);
    }
}

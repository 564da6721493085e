//! Series: bookings that come again, by a rule, at the same time by the clock on the wall.
//!
//! All of them are booked at once, or none: whatever is in the way of one is told before anything is written. From then on each is a
//! booking like any other. One alone is moved and cancelled as such; it and those that follow, or all that are to come, by the
//! operations here.

mod api;
mod rule;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::SeriesApi;

use super::bookings::{self, Booking, BookingId, BookingStatus, Need, SeriesId, Wanted, check_needs};
use super::desk;
use super::period::Period;
use crate::choice;
use crate::http::{ApiError, ApiResult, Versioned};
use crate::tenancy::TenantTx;
use crate::value::{Moment, Prose, Text, TimeZone};

/// A series, with its bookings.
#[derive(Debug, Serialize, Object)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// The rule by which it was made.
    pub rule: Text<200>,
    /// Where the clock stands by which it comes again.
    pub time_zone: TimeZone,
    /// Its bookings, the first of them first; at most 100.
    pub bookings: Vec<Booking>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

impl Versioned for Series {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A series to book.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewSeries {
    /// What it is for.
    title: Text<200>,
    /// More about it.
    note: Option<Prose<2000>>,
    /// When the first one begins; not in the past.
    starts_at: Moment,
    /// When the first one is over; at most 31 days later.
    ends_at: Moment,
    /// What each takes.
    #[oai(validator(min_items = 1, max_items = 10))]
    needs: Vec<Need>,
    /// How they come again, as RFC 5545 has it: `FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10`. By day, week, month or year, at most 100 times.
    /// `UNTIL` is a day, a time by the same clock, or with a `Z` behind it a time in UTC.
    rule: Text<200>,
    /// Where the clock stands by which they come again; as that of the first resource where it is left out.
    time_zone: Option<TimeZone>,
    /// Why they are to stand where it is not free. It takes `bookings.overbook`.
    overbook_reason: Option<Text<500>>,
}

choice! {
    /// Which bookings of a series.
    pub enum Which {
        /// This one and those behind it.
        Following = "following",
        /// All that are to come.
        All = "all",
    }
}

/// Where bookings of a series go.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct SeriesMove {
    /// Which bookings.
    which: Which,
    /// When this one begins from then on. The others move by as many days and hours on the wall.
    starts_at: Moment,
    /// When this one is over. The others get as long.
    ends_at: Moment,
}

/// Which bookings of a series are cancelled.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct SeriesCancellation {
    /// Which bookings.
    which: Which,
}

/// What became of bookings of a series.
#[derive(Debug, Serialize, Object)]
pub struct SeriesBookings {
    /// The bookings that were changed, the first of them first.
    pub items: Vec<Booking>,
}

/// Books a series: `first` is its first booking, and the others differ from it in their time.
///
/// # Errors
/// 422 where the rule cannot be read, or gives more than 100; otherwise as [`book`](super::book), with all times that are not free.
pub async fn book_series(
    tx: &mut TenantTx,
    first: Wanted,
    rule: &Text<200>,
    zone: Option<TimeZone>,
) -> ApiResult<(SeriesId, TimeZone, Vec<Booking>)> {
    check_needs(&first.needs)?;
    let zone = match zone {
        Some(zone) => zone,
        None => tx.run(store::zone_of(first.needs.iter().map(|need| need.resource_id.as_uuid()).collect())).await?,
    };
    let clock = rule::clock(&zone)?;
    let periods = rule::occurrences(rule, first.period, &clock)?;
    let id = SeriesId::new();
    tx.run(store::insert(id, rule.clone(), zone.clone(), first.module)).await?;
    let wanted = periods.into_iter().enumerate().map(|(n, period)| Wanted {
        id: if n == 0 { first.id } else { BookingId::new() },
        title: first.title.clone(),
        note: first.note.clone(),
        period,
        needs: first.needs.clone(),
        hold_minutes: None,
        overbook_reason: first.overbook_reason.clone(),
        series_id: Some(id),
        module: first.module,
        by: first.by,
    });
    let mut booked = desk::book_all(tx, wanted.collect()).await?;
    booked.sort_by_key(|booking| (booking.period().starts_at, booking.id.as_uuid()));
    Ok((id, zone, booked))
}

/// Moves a booking, and with it those of its series that follow or all that are to come, by as much on the wall.
///
/// # Errors
/// Those of [`reschedule`](super::reschedule); 409 `not_a_series`.
pub async fn move_series(
    tx: &mut TenantTx,
    id: BookingId,
    which: Which,
    to: Period,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Vec<Booking>> {
    let now = OffsetDateTime::now_utc();
    let (series, from) = of_series(tx, id, which, now).await?;
    // Whoever moves or cancels them all is one at a time.
    let zone = tx.run(store::lock(series)).await?.ok_or_else(ApiError::not_found)?;
    let clock = rule::clock(&zone)?;
    let standing = tx.run(store::standing(series, from)).await?;
    let this = standing.iter().find(|booking| booking.id == id).ok_or_else(over)?;
    seen(this)?;
    let shift = clock.shift(this.period().starts_at, to.starts_at);
    let needs = tx.run(bookings::store::needs(ids(&standing))).await?;
    let mut moves = Vec::new();
    for booking in &standing {
        let period = rule::shifted(booking.period(), shift, to.length(), &clock)?;
        let own = needs.iter().filter(|(of, _)| *of == booking.id.as_uuid()).map(|(_, need)| need.clone()).collect();
        moves.push(bookings::store::Move::new(booking, period, own, booking.overbook_reason.clone()));
    }
    desk::move_all(tx, moves).await
}

/// Cancels a booking, and with it those of its series that follow or all that are to come.
///
/// # Errors
/// 404 where there is none; 409 `not_a_series`.
pub async fn cancel_series(
    tx: &mut TenantTx,
    id: BookingId,
    which: Which,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Vec<Booking>> {
    let (series, from) = of_series(tx, id, which, OffsetDateTime::now_utc()).await?;
    tx.run(store::lock(series)).await?.ok_or_else(ApiError::not_found)?;
    seen(&desk::booking(tx, id).await?)?;
    let standing = tx.run(store::standing(series, from)).await?;
    Ok(tx.run(bookings::store::cancel(ids(&standing))).await?)
}

/// The series that a booking is of, and from when on its bookings are meant.
async fn of_series(
    tx: &mut TenantTx,
    id: BookingId,
    which: Which,
    now: OffsetDateTime,
) -> ApiResult<(SeriesId, OffsetDateTime)> {
    let booking = desk::booking(tx, id).await?;
    let lone = || ApiError::conflict("not_a_series", "This booking is of no series. Change it alone.");
    let from = match which {
        Which::Following => booking.period().starts_at,
        Which::All => now.min(booking.period().starts_at),
    };
    Ok((booking.series_id.ok_or_else(lone)?, from))
}

fn over() -> ApiError {
    ApiError::conflict("booking_over", "This booking is cancelled. Choose one of the series that stands.")
}

fn ids(bookings: &[Booking]) -> Vec<Uuid> {
    bookings.iter().map(|booking| booking.id.as_uuid()).collect()
}

impl Booking {
    /// Whether it takes anything.
    pub fn stands(&self) -> bool {
        matches!(self.status, BookingStatus::Held | BookingStatus::Booked)
    }
}

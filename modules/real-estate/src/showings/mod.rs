//! What viewings and open houses have in common: they take the time of a property and of who shows it, people are told, and both end
//! where the property is not shown any more.
//!
//! - this file: when they are, and what is wrong with that; `booking.rs`: their time in the calendar; `calendars.rs`: the resources
//!   that properties and members have there;
//! - `off.rs`: what follows where a listing goes off the market; `letters.rs`: what people are told.

mod booking;
mod calendars;
mod letters;
mod off;

use tenantry_core::calendar::Period;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::value::Moment;
use time::{Duration, OffsetDateTime};

pub(crate) use booking::{Plan, Showing, book, rebook};
pub(crate) use calendars::{CALENDARS, name_of_agent};
pub(crate) use letters::{Guest, confirmed, tell};
pub(crate) use off::call_off;

use crate::listings::Listing;

/// How long somebody is shown a property at most.
const LONGEST: Duration = Duration::hours(24);
/// How long somebody is on the way at most.
const FARTHEST: i16 = 240;

/// The period of a showing.
pub(crate) fn period(starts_at: Moment, ends_at: Moment) -> ApiResult<Period> {
    let late = || ApiError::invalid().at("/ends_at", "has to be later than `starts_at`, and at most 24 hours");
    Period::new(starts_at.into(), ends_at.into()).filter(|period| period.length() <= LONGEST).ok_or_else(late)
}

/// Refuses a way that is too long.
pub(crate) fn on_the_way(minutes: i16) -> ApiResult<()> {
    match minutes {
        0..=FARTHEST => Ok(()),
        _ => Err(ApiError::invalid().at("/travel_minutes", "expected 0 to 240 minutes")),
    }
}

/// Refuses to show what is off the market.
pub(crate) fn shown(listing: &Listing) -> ApiResult<()> {
    if listing.status.is_shown() {
        return Ok(());
    }
    let status = listing.status.as_str();
    let detail = format!("The listing is {status}, so nobody is shown it. Bring it on the market first.");
    Err(ApiError::conflict("listing_not_shown", detail))
}

/// Refuses what is asked for too late.
pub(crate) fn asked_ahead(period: Period, hours: i16, why: &str) -> ApiResult<()> {
    if period.starts_at >= OffsetDateTime::now_utc() + Duration::hours(hours.into()) {
        return Ok(());
    }
    Err(ApiError::invalid().at("/starts_at", format!("expected a time that is at least {hours} hours ahead: {why}")))
}

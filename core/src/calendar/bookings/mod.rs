//! Bookings: who has what, and when. A hold is a booking that ends by itself unless it is confirmed.

mod api;
mod group;
pub(super) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use api::BookingsApi;
pub(super) use api::{may_overbook, own};
pub use group::Group;
pub(super) use store::forget_holds;

use super::period::Period;
use super::resources::ResourceId;
use crate::http::{ApiError, ApiResult, Change, Versioned};
use crate::value::{Moment, Prose, Text};
use crate::{choice, criteria, record_id, row};

record_id! {
    /// The id of a booking.
    BookingId
}

record_id! {
    /// The id of a series of bookings.
    SeriesId
}

choice! {
    /// How a booking stands.
    pub enum BookingStatus {
        /// It holds until `expires_at`, unless it is confirmed.
        Held = "held",
        /// It stands.
        Booked = "booked",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It was a hold, and is over.
        Expired = "expired",
    }
}

/// That something is taken for a time.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// What it is for.
    pub title: Text<200>,
    /// More about it.
    pub note: Option<Prose<2000>>,
    /// How it stands.
    pub status: BookingStatus,
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over.
    pub ends_at: Moment,
    /// Until when a hold holds.
    pub expires_at: Option<Moment>,
    /// The resources that it takes, from 1 to 10.
    pub resource_ids: Vec<ResourceId>,
    /// Why it may stand where something else does, or outside of the hours.
    pub overbook_reason: Option<Text<500>>,
    /// The series that it is of.
    pub series_id: Option<SeriesId>,
    /// The module that made it, where one did. It is changed there.
    pub module: Option<Text<100>>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Booking {
    id,
    title,
    note,
    status = "CASE WHEN status = 'held' AND expires_at <= now() THEN 'expired' ELSE status END",
    starts_at,
    ends_at,
    expires_at,
    resource_ids,
    overbook_reason,
    series_id,
    module,
    created_at,
    updated_at,
    version
});

impl Versioned for Booking {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Booking {
    /// When it is.
    pub fn period(&self) -> Period {
        Period { starts_at: self.starts_at.into(), ends_at: self.ends_at.into() }
    }
}

/// A resource that a booking takes, with the time around it that nobody else can have.
#[derive(Clone, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The resource.
    pub resource_id: ResourceId,
    /// Minutes that it is needed before, to get there or to get it ready; up to a day.
    #[serde(default)]
    #[oai(default, validator(minimum(value = "0"), maximum(value = "1440")))]
    pub minutes_before: i32,
    /// Minutes that it is needed behind; up to a day.
    #[serde(default)]
    #[oai(default, validator(minimum(value = "0"), maximum(value = "1440")))]
    pub minutes_after: i32,
    /// Those who share it. Only a module has that: it knows for what they come together.
    #[oai(skip)]
    #[serde(skip_deserializing)]
    pub shared: Option<Group>,
}

impl Need {
    /// A resource for exactly the time of the booking.
    pub fn of(resource_id: ResourceId) -> Self {
        Self { resource_id, minutes_before: 0, minutes_after: 0, shared: None }
    }

    /// Has it be of a group, where it is shared.
    pub(super) fn join(&mut self, group: Uuid) {
        if let Some(shared) = &mut self.shared {
            shared.id = Some(group);
        }
    }

    /// The period for which the resource is taken.
    pub(super) fn around(&self, period: Period) -> Period {
        period.widened(Duration::minutes(self.minutes_before.into()), Duration::minutes(self.minutes_after.into()))
    }
}

/// What somebody wants to book, with all that is to be said of it.
#[derive(Debug)]
pub struct Wanted {
    /// Its id.
    pub id: BookingId,
    /// What it is for. Everybody who sees the calendar reads it.
    pub title: Text<200>,
    /// More about it.
    pub note: Option<Prose<2000>>,
    /// When.
    pub period: Period,
    /// What it takes, from 1 to 10 resources.
    pub needs: Vec<Need>,
    /// For how many minutes it is held, where it is not booked at once.
    pub hold_minutes: Option<i32>,
    /// Why it is to stand where it is not free.
    pub overbook_reason: Option<Text<500>>,
    /// The series that it is of.
    pub series_id: Option<SeriesId>,
    /// The module that looks after it.
    pub module: Option<&'static str>,
    /// Who books.
    pub by: Option<Uuid>,
}

/// A booking to make. Either all resources are booked, or none.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewBooking {
    /// What it is for.
    title: Text<200>,
    /// More about it.
    note: Option<Prose<2000>>,
    /// When it begins; not in the past.
    starts_at: Moment,
    /// When it is over; at most 31 days later.
    ends_at: Moment,
    /// What it takes.
    #[oai(validator(min_items = 1, max_items = 10))]
    needs: Vec<Need>,
    /// For how many minutes it is held, up to a day, where it is not booked at once.
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    hold_minutes: Option<i32>,
    /// Why it is to stand where it is not free. It takes `bookings.overbook`.
    overbook_reason: Option<Text<500>>,
}

impl NewBooking {
    fn wanted(self, id: BookingId, by: Uuid) -> ApiResult<Wanted> {
        let NewBooking { title, note, starts_at, ends_at, needs, hold_minutes, overbook_reason } = self;
        let period = period(starts_at, ends_at)?;
        check_needs(&needs)?;
        if hold_minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
            return Err(ApiError::invalid().at("/hold_minutes", "expected a number from 1 to 1440"));
        }
        let (series_id, module, by) = (None, None, Some(by));
        Ok(Wanted { id, title, note, period, needs, hold_minutes, overbook_reason, series_id, module, by })
    }
}

/// What to change in a booking. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct BookingPatch {
    /// What it is for.
    title: Change<Text<200>>,
    /// More about it.
    note: MaybeUndefined<Prose<2000>>,
    /// When it begins; not in the past.
    starts_at: Change<Moment>,
    /// When it is over; at most 31 days later.
    ends_at: Change<Moment>,
    /// What it takes, in the place of what it takes now.
    needs: Change<Vec<Need>>,
    /// Why it is to stand where it is not free. It takes `bookings.overbook`.
    overbook_reason: Option<Text<500>>,
}

impl BookingPatch {
    fn moves(&self) -> bool {
        self.starts_at.is_given() || self.ends_at.is_given() || self.needs.is_given()
    }
}

/// A period as somebody asks for it.
pub(super) fn period(starts_at: Moment, ends_at: Moment) -> ApiResult<Period> {
    let late = || ApiError::invalid().at("/ends_at", "has to be later than `starts_at`, and at most 31 days");
    Period::new(starts_at.into(), ends_at.into())
        .filter(|period| period.length() <= Duration::days(31))
        .ok_or_else(late)
}

/// Refuses needs that are too many, or name a resource twice.
pub(super) fn check_needs(needs: &[Need]) -> ApiResult<()> {
    if !(1..=10).contains(&needs.len()) {
        return Err(ApiError::invalid().at("/needs", "expected 1 to 10 resources"));
    }
    for (n, need) in needs.iter().enumerate() {
        if needs.iter().take(n).any(|other| other.resource_id == need.resource_id) {
            return Err(ApiError::invalid().at(format!("/needs/{n}/resource_id"), "is there already"));
        }
        for (field, minutes) in [("minutes_before", need.minutes_before), ("minutes_after", need.minutes_after)] {
            if !(0..=1440).contains(&minutes) {
                return Err(ApiError::invalid().at(format!("/needs/{n}/{field}"), "expected a number from 0 to 1440"));
            }
        }
    }
    Ok(())
}

criteria! {
    /// What bookings are listed by.
    pub struct BookingFields of Booking in "bookings" by "-starts_at" {
        /// How it stands. A hold that is over stays one here until the night.
        status: BookingStatus => [eq in];
        /// When it begins.
        starts_at: Moment => [gt gte lt lte], sort timestamptz |booking| OffsetDateTime::from(booking.starts_at);
        /// When it is over.
        ends_at: Moment => [gt gte lt lte];
        /// A resource that it takes.
        resource_ids: ResourceId => [has];
        /// The series that it is of.
        series_id: SeriesId => [eq];
        /// The module that made it.
        module: Text<100> => [eq null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |booking| booking.created_at;
    }
}

/// What is wrong with each of several periods that were asked for at once.
pub(super) fn not_all(refused: &[(usize, Period, ApiError)]) -> ApiError {
    let problem = ApiError::conflict(
        "not_all_free",
        "Not all of these times are free, so none of them was booked. `errors` has each that is not.",
    );
    refused.iter().fold(problem, |problem, (n, period, why)| {
        let at = Moment::known(period.starts_at);
        let at = serde_json::to_string(&at).unwrap_or_default();
        problem.at(format!("/occurrences/{n}"), format!("{} {}", at.trim_matches('"'), why.code()))
    })
}

//! What a client may send of open houses, and what must hold of it.

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::Deserialize;
use tenantry_core::calendar::Period;
use tenantry_core::http::{ApiError, ApiResult, Change, patch, replace};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose, Text};

use super::OpenHouse;
use crate::listings::ListingId;
use crate::showings;

/// An open house to plan.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOpenHouse {
    /// What is shown. It is on the market, or about to come there.
    pub(super) listing_id: ListingId,
    /// The member who shows it.
    pub(super) agent_id: UserId,
    /// When it begins.
    pub(super) starts_at: Moment,
    /// When it is over; at most 24 hours later.
    pub(super) ends_at: Moment,
    /// How many minutes the agent needs to get there, and to get away: 0 to 240; 0 where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "240")))]
    pub(super) travel_minutes: Option<i16>,
    /// How many visitors there may be: 1 to 1000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    pub(super) capacity: i16,
    /// Anything worth saying.
    pub(super) note: Option<Prose<2000>>,
}

impl NewOpenHouse {
    /// Checks it and gives its time.
    pub(super) fn period(&self) -> ApiResult<Period> {
        showings::on_the_way(self.travel_minutes.unwrap_or_default())?;
        room(self.capacity)?;
        showings::period(self.starts_at, self.ends_at)
    }
}

/// What to change in an open house that is planned. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct OpenHousePatch {
    /// How many visitors there may be: 1 to 1000, and no less than are expected.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    capacity: Change<i16>,
    /// Anything worth saying.
    note: MaybeUndefined<Prose<2000>>,
}

impl OpenHousePatch {
    pub(super) fn apply(self, house: &mut OpenHouse) -> ApiResult<()> {
        replace(&mut house.capacity, self.capacity);
        patch(&mut house.note, self.note);
        room(house.capacity)
    }
}

/// Another time for an open house.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MoveOpenHouse {
    /// When it begins.
    pub(super) starts_at: Moment,
    /// When it is over; at most 24 hours later.
    pub(super) ends_at: Moment,
    /// The member who shows it from then on; as before where it is left out.
    pub(super) agent_id: Option<UserId>,
    /// How many minutes the agent needs to get there, and to get away: 0 to 240; as before where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "240")))]
    pub(super) travel_minutes: Option<i16>,
}

impl MoveOpenHouse {
    /// Checks it and gives its time.
    pub(super) fn period(&self) -> ApiResult<Period> {
        showings::on_the_way(self.travel_minutes.unwrap_or_default())?;
        showings::period(self.starts_at, self.ends_at)
    }
}

/// Why an open house does not take place.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct CancelOpenHouse {
    /// Why. Visitors are told that it does not take place, and not why.
    pub(super) reason: Text<500>,
}

fn room(capacity: i16) -> ApiResult<()> {
    match capacity {
        1..=1000 => Ok(()),
        _ => Err(ApiError::invalid().at("/capacity", "expected 1 to 1000 visitors")),
    }
}

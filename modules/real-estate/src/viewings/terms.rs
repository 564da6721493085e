//! What a client may send of viewings, and what must hold of it.

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::Deserialize;
use tenantry_core::calendar::Period;
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{ApiError, ApiResult, patch};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Prose, Text};
use time::OffsetDateTime;

use super::Viewing;
use crate::listings::ListingId;
use crate::requirements::interests::Interest;
use crate::showings;

/// A viewing to ask for.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewViewing {
    /// What is shown. It is on the market, or about to come there.
    pub(super) listing_id: ListingId,
    /// The contact who is shown it.
    pub(super) applicant_id: ContactId,
    /// The member who shows it, or looks after it where the applicant is alone there.
    pub(super) agent_id: UserId,
    /// When it begins: as many hours ahead as the listing says, and the property where somebody lives there.
    pub(super) starts_at: Moment,
    /// When it is over; at most 24 hours later.
    pub(super) ends_at: Moment,
    /// Whether the agent is there; so it is where it is left out. Where nobody is, the agent's time is not taken, and the applicant
    /// has keys of the property before it is confirmed.
    pub(super) accompanied: Option<bool>,
    /// How many minutes the agent needs to get there, and to get away: 0 to 240; 0 where it is left out. Nothing else of the agent's is
    /// then.
    #[oai(validator(minimum(value = "0"), maximum(value = "240")))]
    pub(super) travel_minutes: Option<i16>,
    /// How many applicants may come together: 1 to 100; 1 where it is left out. See `POST /real-estate/viewings/{id}/join`.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub(super) capacity: Option<i16>,
    /// When who lives there was told of it.
    pub(super) occupier_told_at: Option<Moment>,
    /// Anything worth saying.
    pub(super) note: Option<Prose<2000>>,
}

impl NewViewing {
    /// Checks it and gives its time.
    pub(super) fn period(&self) -> ApiResult<Period> {
        showings::on_the_way(self.travel_minutes.unwrap_or_default())?;
        if !(1..=100).contains(&self.capacity.unwrap_or(1)) {
            return Err(ApiError::invalid().at("/capacity", "expected 1 to 100"));
        }
        told_before(self.occupier_told_at)?;
        showings::period(self.starts_at, self.ends_at)
    }
}

/// Who comes to a viewing with others.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct JoinViewing {
    /// The contact who is shown it too.
    pub(super) applicant_id: ContactId,
    /// Anything worth saying.
    pub(super) note: Option<Prose<2000>>,
}

/// What to change in a viewing that may still take place. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ViewingPatch {
    /// When who lives there was told of it.
    occupier_told_at: MaybeUndefined<Moment>,
    /// Anything worth saying.
    note: MaybeUndefined<Prose<2000>>,
}

impl ViewingPatch {
    pub(super) fn apply(self, viewing: &mut Viewing) -> ApiResult<()> {
        told_before(self.occupier_told_at.value().copied())?;
        patch(&mut viewing.occupier_told_at, self.occupier_told_at);
        patch(&mut viewing.note, self.note);
        Ok(())
    }
}

/// Another time for a viewing.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MoveViewing {
    /// When it begins.
    pub(super) starts_at: Moment,
    /// When it is over; at most 24 hours later.
    pub(super) ends_at: Moment,
    /// The member who shows it from then on; as before where it is left out.
    pub(super) agent_id: Option<UserId>,
    /// How many minutes the agent needs to get there, and to get away: 0 to 240; as before where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "240")))]
    pub(super) travel_minutes: Option<i16>,
    /// When who lives there was told of the new time.
    pub(super) occupier_told_at: Option<Moment>,
}

impl MoveViewing {
    /// Checks it and gives its time.
    pub(super) fn period(&self) -> ApiResult<Period> {
        showings::on_the_way(self.travel_minutes.unwrap_or_default())?;
        told_before(self.occupier_told_at)?;
        showings::period(self.starts_at, self.ends_at)
    }
}

/// Why a viewing does not take place.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct CancelViewing {
    /// Why. The applicant is told that it does not take place, and not why.
    pub(super) reason: Text<500>,
}

/// What an applicant thinks after a viewing, in place of what was noted before.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct ViewingFeedback {
    /// What they think of the property by now. It is noted for what they look for, too.
    pub(super) interest: Option<Interest>,
    /// How much they like it: 1 to 5.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    pub(super) rating: Option<i16>,
    /// What they said of it.
    pub(super) text: Option<Prose<10_000>>,
}

impl ViewingFeedback {
    /// Checks it.
    pub(super) fn checked(self) -> ApiResult<Self> {
        match self.rating {
            None | Some(1..=5) => Ok(self),
            Some(_) => Err(ApiError::invalid().at("/rating", "expected 1 to 5")),
        }
    }
}

/// Refuses that somebody was told what is still to come.
fn told_before(at: Option<Moment>) -> ApiResult<()> {
    if at.is_some_and(|at| OffsetDateTime::from(at) > OffsetDateTime::now_utc()) {
        return Err(ApiError::invalid().at("/occupier_told_at", "expected a time that has passed"));
    }
    Ok(())
}

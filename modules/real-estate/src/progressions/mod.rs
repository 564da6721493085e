//! Progressions: what happens between an accepted offer and its completion, and which of them wait for each other.
//!
//! - this file: the record, what a client may send; `milestones.rs`: what has to be done by when; `parties/`: solicitors and lenders;
//! - `chain.rs`: who waits for whom, without a circle; `end.rs`: completion and falling through;
//! - `api.rs`, `store.rs`: as for every resource; `source.rs`: what the descriptor says.

mod api;
mod chain;
mod end;
mod milestones;
pub(crate) mod parties;
pub(crate) mod source;
pub(crate) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Date, Moment};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::ProgressionsApi;

use crate::listings::ListingId;
use crate::offers::OfferId;

record_id! {
    /// The id of a progression.
    ProgressionId
}

choice! {
    /// Where a progression stands.
    pub enum ProgressionStatus {
        /// It goes on.
        Running = "running",
        /// It is done.
        Completed = "completed",
        /// It came to nothing.
        FallenThrough = "fallen_through",
    }
}

choice! {
    /// Where the survey stands.
    pub enum SurveyState {
        /// Nobody wants one.
        NotNeeded = "not_needed",
        /// It is to be booked.
        ToBook = "to_book",
        /// It is booked.
        Booked = "booked",
        /// It is done.
        Done = "done",
    }
}

/// The way of an accepted offer to its completion.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Progression {
    /// Its id.
    pub id: ProgressionId,
    /// The offer.
    pub offer_id: OfferId,
    /// What the offer is for.
    pub listing_id: ListingId,
    /// Where it stands; changed by `complete` and `fall-through`.
    pub status: ProgressionStatus,
    /// Where the survey stands.
    pub survey_state: SurveyState,
    /// When contracts should be exchanged.
    pub target_exchange_on: Option<Date>,
    /// When it should be completed.
    pub target_completion_on: Option<Date>,
    /// The progression that it waits for; null where it waits for none.
    pub depends_on_id: Option<ProgressionId>,
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

row!(Progression {
    id,
    offer_id,
    listing_id,
    status,
    survey_state,
    target_exchange_on,
    target_completion_on,
    depends_on_id,
    created_at,
    updated_at,
    version
});

impl Versioned for Progression {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Progression {
    /// Refuses to change one that is over.
    fn goes_on(&self) -> ApiResult<()> {
        if self.status == ProgressionStatus::Running {
            return Ok(());
        }
        Err(ApiError::conflict(
            "progression_over",
            "This progression is completed, or has fallen through. It stays as it is.",
        ))
    }
}

/// A progression to make, of an offer that is accepted.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewProgression {
    /// The offer; it has one progression.
    offer_id: OfferId,
    /// Where the survey stands; `to_book` where it is left out.
    survey_state: Option<SurveyState>,
    /// When contracts should be exchanged.
    target_exchange_on: Option<Date>,
    /// When it should be completed.
    target_completion_on: Option<Date>,
}

/// What to change in a progression. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ProgressionPatch {
    /// Where the survey stands.
    survey_state: Change<SurveyState>,
    /// When contracts should be exchanged.
    target_exchange_on: MaybeUndefined<Date>,
    /// When it should be completed.
    target_completion_on: MaybeUndefined<Date>,
}

impl ProgressionPatch {
    fn apply(self, progression: &mut Progression) {
        replace(&mut progression.survey_state, self.survey_state);
        patch(&mut progression.target_exchange_on, self.target_exchange_on);
        patch(&mut progression.target_completion_on, self.target_completion_on);
    }
}

criteria! {
    /// What progressions are listed by.
    pub struct ProgressionFields of Progression in "progressions" by "-created_at" {
        /// What the offer is for.
        listing_id: ListingId => [eq in];
        /// Where it stands.
        status: ProgressionStatus => [eq in];
        /// When it should be completed.
        target_completion_on: Date => [eq gt gte lt lte null], sort date nullable |way| way.target_completion_on;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |way| way.created_at;
    }
}

//! The SQL of progressions. Whoever ends one has locked its listing before.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};

use super::{NewProgression, Progression, ProgressionId, ProgressionStatus, SurveyState};
use crate::listings::ListingId;
use crate::offers::OfferId;

const PROGRESSION_ALREADY: Refusal = Refusal::Taken {
    pointer: "/offer_id",
    code: "progression_already",
    detail: "This offer has a progression already. Go on with that.",
};

pub(super) fn list() -> List<Progression> {
    records(sql!("progressions"))
}

pub(super) fn find(id: ProgressionId) -> Statement<Option<Progression>> {
    select::<Progression>(sql!("FROM progressions WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: ProgressionId) -> Statement<Option<Progression>> {
    select::<Progression>(sql!("FROM progressions WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: ProgressionId, listing: ListingId, new: NewProgression) -> Statement<Progression> {
    let NewProgression { offer_id, survey_state, target_exchange_on, target_completion_on } = new;
    change(sql!("progressions"))
        .set(sql!("id"), id)
        .set(sql!("offer_id"), offer_id)
        .set(sql!("listing_id"), listing)
        .set(sql!("survey_state"), survey_state.unwrap_or(SurveyState::ToBook))
        .set(sql!("target_exchange_on"), target_exchange_on)
        .set(sql!("target_completion_on"), target_completion_on)
        .insert()
        .refused_by("progressions_offer_id_key", PROGRESSION_ALREADY)
}

pub(super) fn update(way: Progression) -> Statement<Progression> {
    change(sql!("progressions"))
        .set(sql!("survey_state"), way.survey_state)
        .set(sql!("target_exchange_on"), way.target_exchange_on)
        .set(sql!("target_completion_on"), way.target_completion_on)
        .update(way.id)
}

pub(super) fn set_status(id: ProgressionId, status: ProgressionStatus) -> Statement<Progression> {
    change(sql!("progressions")).set(sql!("status"), status).update(id)
}

pub(super) fn set_depends_on(id: ProgressionId, on: Option<ProgressionId>) -> Statement<Progression> {
    change(sql!("progressions")).set(sql!("depends_on_id"), on).update(id)
}

/// Notes that the offer of a progression has fallen through, where there is one that goes on.
pub(crate) fn fall_with(offer: OfferId) -> Statement<()> {
    statement(sql!(
        "UPDATE progressions SET status = 'fallen_through', version = version + 1, updated_at = now() ",
        "WHERE offer_id = $1 AND status = 'running'"
    ))
    .bind(offer)
    .done()
}

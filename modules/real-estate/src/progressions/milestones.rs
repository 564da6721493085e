//! Milestones: what has to be done by when, and since when it is.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Statement, select, statement};
use tenantry_core::value::Date;
use tenantry_core::{choice, record_id, row, sql};
use uuid::Uuid;

use super::ProgressionId;

record_id! {
    /// The id of a milestone.
    MilestoneId
}

choice! {
    /// What has to be done.
    pub enum MilestoneName {
        /// The memorandum of sale is sent.
        Memorandum = "memorandum",
        /// The survey is done.
        Survey = "survey",
        /// The lender has offered a mortgage.
        MortgageOffer = "mortgage_offer",
        /// The searches are back.
        Searches = "searches",
        /// The contracts can be signed.
        ContractsReady = "contracts_ready",
        /// The contracts are exchanged.
        Exchanged = "exchanged",
        /// It is completed.
        Completed = "completed",
    }
}

impl MilestoneName {
    /// Reads a word of a path.
    ///
    /// # Errors
    /// 404 where there is no such milestone.
    pub(super) fn read(word: &str) -> ApiResult<Self> {
        const ALL: [MilestoneName; 7] = [
            MilestoneName::Memorandum,
            MilestoneName::Survey,
            MilestoneName::MortgageOffer,
            MilestoneName::Searches,
            MilestoneName::ContractsReady,
            MilestoneName::Exchanged,
            MilestoneName::Completed,
        ];
        ALL.into_iter().find(|name| name.as_str() == word).ok_or_else(ApiError::not_found)
    }
}

/// A milestone of a progression.
#[derive(Debug, Serialize, Object)]
pub struct Milestone {
    /// What has to be done.
    pub name: MilestoneName,
    /// By when.
    pub due_on: Option<Date>,
    /// Since when it is done; null while it is not.
    pub done_on: Option<Date>,
}
row!(Milestone { name, due_on, done_on });

/// The milestones of a progression that somebody has said something of, in the order in which they come.
#[derive(Debug, Serialize, Object)]
pub struct Milestones {
    /// The milestones.
    pub items: Vec<Milestone>,
}

/// What to say of a milestone.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct SetMilestone {
    /// By when it has to be done; null where nobody has said.
    due_on: Option<Date>,
    /// Since when it is done; null while it is not.
    done_on: Option<Date>,
}

impl SetMilestone {
    /// Checks what is done. That a sale is completed is said by completing it.
    pub(super) fn checked(self, name: MilestoneName) -> ApiResult<Self> {
        if self.done_on.is_some_and(|day| day > Date::today()) {
            return Err(ApiError::invalid().at("/done_on", "expected a day that is not still to come"));
        }
        if name == MilestoneName::Completed && self.done_on.is_some() {
            let detail = "this is noted by completing the progression: POST /real-estate/progressions/{id}/complete";
            return Err(ApiError::invalid().at("/done_on", detail));
        }
        Ok(self)
    }
}

pub(super) fn all(progression: ProgressionId) -> Statement<Vec<Milestone>> {
    let order = sql!(
        "FROM progression_milestones WHERE progression_id = $1 ORDER BY array_position(ARRAY['memorandum', 'survey', ",
        "'mortgage_offer', 'searches', 'contracts_ready', 'exchanged', 'completed'], name)"
    );
    select::<Milestone>(order).bind(progression).many()
}

pub(super) fn is_done(progression: ProgressionId, name: MilestoneName) -> Statement<bool> {
    let done =
        sql!("SELECT 1 FROM progression_milestones WHERE progression_id = $1 AND name = $2 AND done_on IS NOT NULL");
    statement(done).bind(progression).bind(name).any()
}

pub(super) fn put(progression: ProgressionId, name: MilestoneName, say: SetMilestone) -> Statement<Milestone> {
    let put = statement(sql!(
        "INSERT INTO progression_milestones (id, progression_id, name, due_on, done_on) VALUES ($1, $2, $3, $4, $5) ",
        "ON CONFLICT (progression_id, name) DO UPDATE SET due_on = excluded.due_on, done_on = excluded.done_on ",
        "RETURNING name, due_on, done_on"
    ));
    put.bind(Uuid::now_v7()).bind(progression).bind(name).bind(say.due_on).bind(say.done_on).one()
}

/// Notes that it is completed, and leaves by when it should have been.
pub(super) fn complete(progression: ProgressionId, on: Date) -> Statement<()> {
    let put = statement(sql!(
        "INSERT INTO progression_milestones (id, progression_id, name, done_on) VALUES ($1, $2, 'completed', $3) ",
        "ON CONFLICT (progression_id, name) DO UPDATE SET done_on = excluded.done_on"
    ));
    put.bind(Uuid::now_v7()).bind(progression).bind(on).done()
}

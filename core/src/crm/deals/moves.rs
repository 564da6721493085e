//! The moves of deals: who, when, from where, to where, and how long it had stayed.

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Deal, DealId};
use crate::crm::pipelines::StageId;
use crate::http::{Page, Paging};
use crate::identity::UserId;
use crate::tenancy::{Reach, Statement, reached, records};
use crate::{record_id, row, sorts, sql};

record_id! {
    /// The id of a move.
    DealMoveId
}

/// A step of a deal from one stage to another.
#[derive(Debug, Serialize, Object)]
pub struct DealMove {
    /// Its id.
    pub id: DealMoveId,
    /// The stage that it left; null where it was made. The stage may be gone.
    pub from_stage_id: Option<StageId>,
    /// The stage that it came to.
    pub to_stage_id: StageId,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub moved_at: OffsetDateTime,
    /// Who moved it, also by undoing a move.
    pub moved_by: Option<UserId>,
    /// How long it had been in the stage that it left, in seconds; null where it was made.
    pub stayed: Option<i64>,
}

row!(DealMove { id, from_stage_id, to_stage_id, moved_at, moved_by, stayed });

sorts! {
    /// How moves can be sorted.
    pub enum DealMoveSort of DealMove {
        MovedAt | MovedAtDesc: "moved_at" | "-moved_at" = timestamptz moved_at => |step| step.moved_at,
    }
}

/// The moves of a deal, which was found within reach.
pub(super) fn list(deal: &Deal, paging: Paging<DealMoveSort>) -> Statement<Page<DealMove>> {
    paging.page(records(sql!("deal_moves")).filter(sql!("deal_id = $1"), Some(deal.id)))
}

/// Notes where a deal is, if it came there by this transaction.
pub(super) fn note(reach: Reach, deal: DealId, by: Uuid) -> Statement<()> {
    note_all(reach, by, vec![deal.as_uuid()])
}

/// Notes where deals are, as far as they are not where they were noted last: so what an undo moves back is a move too.
pub(super) fn note_all(reach: Reach, by: Uuid, deals: Vec<Uuid>) -> Statement<()> {
    let note = reached(reach).with::<Deal>().statement(sql!(
        "INSERT INTO deal_moves (deal_id, from_stage_id, to_stage_id, moved_by, stayed) ",
        "SELECT d.id, last.to_stage_id, d.stage_id, $2, ",
        "CASE WHEN last.moved_at IS NOT NULL THEN greatest(0, extract(epoch FROM now() - last.moved_at))::bigint END ",
        "FROM deals_in_reach d LEFT JOIN LATERAL (SELECT m.to_stage_id, m.moved_at FROM deal_moves m WHERE m.deal_id = d.id ",
        "ORDER BY m.moved_at DESC, m.id DESC LIMIT 1) last ON true ",
        "WHERE d.id = ANY ($1) AND d.stage_id IS DISTINCT FROM last.to_stage_id"
    ));
    note.bind(deals).bind(by).done()
}

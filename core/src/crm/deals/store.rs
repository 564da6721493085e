//! The SQL of deals.

use super::{Deal, DealId, NewDeal};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::pipelines::{Entry, StageKind};
use crate::custom::{Checked, Customized};
use crate::identity::UserId;
use crate::tenancy::{Link, List, Reach, Statement, owned};
use crate::{link, sql};

/// Whom a deal is made with: the contact and the company, as the fields of a body name them.
pub(super) const BY_HAND: [Link; 2] = [link!("deals", "contact_id"), link!("deals", "company_id")];
/// The same where they come with a move.
pub(super) const BY_MOVE: [Link; 2] = [
    Link { pointer: "/fields/contact_id", ..link!("deals", "contact_id") },
    Link { pointer: "/fields/company_id", ..link!("deals", "company_id") },
];

pub(super) fn list(reach: Reach) -> List<Deal> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: DealId) -> Statement<Option<Deal>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: DealId) -> Statement<Option<Deal>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: DealId, new: NewDeal, custom: Checked, stage: Entry) -> Statement<Deal> {
    let NewDeal {
        title,
        stage_id: _,
        amount,
        currency,
        expected_close,
        contact_id,
        company_id,
        lost_reason,
        notes,
        custom: _,
        tags,
    } = new;
    let [contact, company] = BY_HAND;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("title"), title)
        .set(sql!("pipeline_id"), stage.pipeline_id)
        .set(sql!("stage_id"), stage.id)
        .set(sql!("status"), stage.kind)
        .set(sql!("amount"), amount)
        .set(sql!("currency"), currency)
        .set(sql!("expected_close"), expected_close)
        .link::<Contact>(reach, contact, contact_id)
        .link::<Company>(reach, company, company_id)
        .set(sql!("lost_reason"), lost_reason)
        .set(sql!("notes"), notes)
        .set(sql!("tags"), tags)
        .set(sql!("stage_since"), stage.at)
        .set(sql!("closed_at"), (stage.kind != StageKind::Open).then_some(stage.at))
        .merge(Customized::Deals.constraint(), custom)
        .insert()
}

pub(super) fn update(reach: Reach, deal: Deal, custom: Checked, [contact, company]: [Link; 2]) -> Statement<Deal> {
    owned(reach)
        .change()
        .set(sql!("title"), deal.title)
        .set(sql!("pipeline_id"), deal.pipeline_id)
        .set(sql!("stage_id"), deal.stage_id)
        .set(sql!("status"), deal.status)
        .set(sql!("amount"), deal.amount)
        .set(sql!("currency"), deal.currency)
        .set(sql!("expected_close"), deal.expected_close)
        .link::<Contact>(reach, contact, deal.contact_id)
        .link::<Company>(reach, company, deal.company_id)
        .set(sql!("lost_reason"), deal.lost_reason)
        .set(sql!("notes"), deal.notes)
        .set(sql!("tags"), deal.tags)
        .set(sql!("stage_since"), deal.stage_since)
        .set(sql!("closed_at"), deal.closed_at)
        .merge(Customized::Deals.constraint(), custom)
        .update(deal.id)
}

/// Gives it to a person, who may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: DealId, owner: UserId) -> Statement<Deal> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

pub(super) fn delete(reach: Reach, id: DealId) -> Statement<()> {
    owned::<Deal>(reach).delete(id)
}

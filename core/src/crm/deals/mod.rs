//! Deals: what may be sold, on its way through a pipeline.
//!
//! - this file: the record, what a client may send, how a list is sorted;
//! - `rules.rs`: what must hold of a deal, in itself and where it comes to a stage; `bulk.rs`: many at once;
//! - `moves.rs`: each step that it made; `events.rs`: what is heard of it;
//! - `api.rs`, `store.rs`: as for every resource;
//! - `migrations/tenant/V11__deals.sql`: the tables, with every rule once more.

mod api;
mod bulk;
pub(super) mod events;
mod moves;
mod rules;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::DealsApi;
pub use moves::{DealMove, DealMoveId, DealMoveSort};

use super::DealsRead;
use super::companies::CompanyId;
use super::contacts::ContactId;
use super::pipelines::{PipelineId, StageId, StageKind};
use crate::custom::{Custom, CustomChange};
use crate::http::{Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Amount, Currency, Date, Label, Moment, Prose, Tags, Text};
use crate::{criteria, owned_row, record_id, searchable};

record_id! {
    /// The id of a deal.
    DealId
}

/// Something that may be sold.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Deal {
    /// Its id.
    pub id: DealId,
    /// What it is about.
    pub title: Text<200>,
    /// The pipeline that it goes through: that of its stage.
    pub pipeline_id: PipelineId,
    /// The stage that it is in.
    pub stage_id: StageId,
    /// Whether it goes on, was won or was lost: the kind of its stage.
    pub status: StageKind,
    /// What it is worth.
    pub amount: Option<Amount>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// When it is expected to be closed.
    pub expected_close: Option<Date>,
    /// The person whom it is made with.
    pub contact_id: Option<ContactId>,
    /// The company that it is made with.
    pub company_id: Option<CompanyId>,
    /// Why it was lost; of a deal that was.
    pub lost_reason: Option<Text<500>>,
    /// Anything worth remembering.
    pub notes: Option<Prose<10_000>>,
    /// Words to find it by.
    pub tags: Tags,
    /// Values of the organization's own fields, by their keys; see `GET /custom-fields`.
    pub custom: Custom,
    /// The person whose deal it is: who made it, or whom it was given to since. Null where an operator made it. Who leaves the
    /// organization stays the owner until it is given to another.
    pub owner_id: Option<UserId>,
    /// Since when it is in its stage.
    #[serde(with = "time::serde::rfc3339")]
    pub stage_since: OffsetDateTime,
    /// Since when it is won, or lost; null while it goes on.
    #[serde(with = "time::serde::rfc3339::option")]
    pub closed_at: Option<OffsetDateTime>,
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

owned_row!(Deal in "deals" {
    id,
    title,
    pipeline_id,
    stage_id,
    status,
    amount,
    currency,
    expected_close,
    contact_id,
    company_id,
    lost_reason,
    notes,
    tags,
    custom = "custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'deals')",
    owner_id,
    stage_since,
    closed_at,
    created_at,
    updated_at,
    version
});

searchable!(Deal in "deals", title: "title", subtitle: "status", read: DealsRead);

impl Versioned for Deal {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A deal to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewDeal {
    /// What it is about.
    title: Text<200>,
    /// The stage that it starts in; the first open one of the default pipeline where it is left out.
    stage_id: Option<StageId>,
    /// What it is worth. It needs a currency.
    amount: Option<Amount>,
    /// The currency of the amount.
    currency: Option<Currency>,
    /// When it is expected to be closed.
    expected_close: Option<Date>,
    /// The person whom it is made with.
    contact_id: Option<ContactId>,
    /// The company that it is made with.
    company_id: Option<CompanyId>,
    /// Why it was lost; needed in a stage where deals are lost, and only there.
    lost_reason: Option<Text<500>>,
    /// Anything worth remembering.
    notes: Option<Prose<10_000>>,
    /// Words to find it by; up to 50.
    #[serde(default)]
    #[oai(default)]
    tags: Tags,
    /// Values for the organization's own fields, by their keys.
    #[serde(default)]
    #[oai(default)]
    custom: CustomChange,
}

/// What to change in a deal. A field that is left out stays; null clears it, where it may be empty. Its stage changes by a move.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct DealPatch {
    /// What it is about.
    title: Change<Text<200>>,
    /// What it is worth. It needs a currency.
    amount: MaybeUndefined<Amount>,
    /// The currency of the amount.
    currency: MaybeUndefined<Currency>,
    /// When it is expected to be closed.
    expected_close: MaybeUndefined<Date>,
    /// The person whom it is made with.
    contact_id: MaybeUndefined<ContactId>,
    /// The company that it is made with.
    company_id: MaybeUndefined<CompanyId>,
    /// Why it was lost; of a deal that was.
    lost_reason: MaybeUndefined<Text<500>>,
    /// Anything worth remembering.
    notes: MaybeUndefined<Prose<10_000>>,
    /// Words to find it by.
    tags: Change<Tags>,
    /// Values for the organization's own fields, by their keys: those that are not named stay, null takes a value away.
    custom: Change<CustomChange>,
}

impl DealPatch {
    /// Applies it but for the organization's own fields.
    fn apply(self, deal: &mut Deal) -> CustomChange {
        replace(&mut deal.title, self.title);
        patch(&mut deal.amount, self.amount);
        patch(&mut deal.currency, self.currency);
        patch(&mut deal.expected_close, self.expected_close);
        patch(&mut deal.contact_id, self.contact_id);
        patch(&mut deal.company_id, self.company_id);
        patch(&mut deal.lost_reason, self.lost_reason);
        patch(&mut deal.notes, self.notes);
        replace(&mut deal.tags, self.tags);
        self.custom.given().unwrap_or_default()
    }
}

/// Where a deal goes.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MoveTo {
    /// The stage, of this pipeline or of another one.
    stage_id: StageId,
    /// Why it was lost; needed in a stage where deals are lost, and only there.
    lost_reason: Option<Text<500>>,
    /// Fields to change with it, such as those that the stage asks for.
    fields: Option<DealPatch>,
}

criteria! {
    /// What deals are listed by.
    pub struct DealFields of Deal in "deals" by "-created_at", q "search_text" of "the title", custom {
        /// The pipeline that it goes through.
        pipeline_id: PipelineId => [eq in];
        /// The stage that it is in.
        stage_id: StageId => [eq in];
        /// Whether it goes on, was won or was lost.
        status: StageKind => [eq in ne];
        /// What it is about.
        title: Text<200> => [], sort folded |deal| deal.title.to_string();
        /// What it is worth.
        amount: Amount => [gt gte lt lte null], sort numeric nullable |deal| deal.amount;
        /// When it is expected to be closed.
        expected_close: Date => [eq gt gte lt lte null], sort date nullable |deal| deal.expected_close;
        /// The person whom it is made with.
        contact_id: ContactId => [eq in null];
        /// The company that it is made with.
        company_id: CompanyId => [eq in null];
        /// Words to find it by.
        tags: Label => [has];
        /// Whose deal it is.
        owner_id: UserId => [eq in null];
        /// Since when it is in its stage.
        stage_since: Moment => [gt gte lt lte], sort timestamptz |deal| deal.stage_since;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |deal| deal.created_at;
        /// When it was last changed.
        updated_at: Moment => [gt gte lt lte], sort timestamptz |deal| deal.updated_at;
    }
}

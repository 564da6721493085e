//! Activities: what happened with somebody, as it was written down: notes, calls, meetings, e-mails.
//!
//! - this file: the activity, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ActivitiesApi;
pub(super) use source::ACTIVITIES;

use super::companies::CompanyId;
use super::contacts::ContactId;
use super::deals::DealId;
use super::projects::ProjectId;
use crate::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Moment, Prose, Text};
use crate::{choice, criteria, owned_row, record_id};

record_id! {
    /// The id of an activity.
    ActivityId
}

choice! {
    /// What kind of activity it is.
    pub enum ActivityKind {
        /// Something worth remembering.
        Note = "note",
        /// A call.
        Call = "call",
        /// A meeting.
        Meeting = "meeting",
        /// An e-mail.
        Email = "email",
    }
}

/// Something that happened with somebody.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// What kind of activity it is.
    pub kind: ActivityKind,
    /// What it was about.
    pub subject: Option<Text<200>>,
    /// What there is to say of it.
    pub body: Option<Prose<10_000>>,
    /// When it happened, or will.
    pub happened_at: Moment,
    /// How long it took.
    pub minutes: Option<i32>,
    /// The contact that it is about.
    pub contact_id: Option<ContactId>,
    /// The company that it is about.
    pub company_id: Option<CompanyId>,
    /// The deal that it is about.
    pub deal_id: Option<DealId>,
    /// The project that it is about.
    pub project_id: Option<ProjectId>,
    /// Who wrote it down. Null where an operator did.
    pub owner_id: Option<UserId>,
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

owned_row!(Activity in "activities" {
    id,
    kind,
    subject,
    body,
    happened_at,
    minutes,
    contact_id,
    company_id,
    deal_id,
    project_id,
    owner_id,
    created_at,
    updated_at,
    version
});

impl Versioned for Activity {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An activity to write down: a subject or a body is needed. What it is about has to be there, and in the caller's reach.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewActivity {
    /// What kind of activity it is.
    kind: ActivityKind,
    /// What it was about.
    subject: Option<Text<200>>,
    /// What there is to say of it.
    body: Option<Prose<10_000>>,
    /// When it happened, or will; now where it is left out.
    happened_at: Option<Moment>,
    /// How long it took; up to a week.
    #[oai(validator(minimum(value = "0"), maximum(value = "10080")))]
    minutes: Option<i32>,
    /// The contact that it is about.
    contact_id: Option<ContactId>,
    /// The company that it is about.
    company_id: Option<CompanyId>,
    /// The deal that it is about.
    deal_id: Option<DealId>,
    /// The project that it is about.
    project_id: Option<ProjectId>,
}

impl NewActivity {
    fn checked(self) -> ApiResult<Self> {
        check(&self.subject, &self.body, self.minutes)?;
        Ok(self)
    }
}

/// What to change in an activity. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ActivityPatch {
    /// What kind of activity it is.
    kind: Change<ActivityKind>,
    /// What it was about.
    subject: MaybeUndefined<Text<200>>,
    /// What there is to say of it.
    body: MaybeUndefined<Prose<10_000>>,
    /// When it happened, or will.
    happened_at: Change<Moment>,
    /// How long it took; up to a week.
    #[oai(validator(minimum(value = "0"), maximum(value = "10080")))]
    minutes: MaybeUndefined<i32>,
    /// The contact that it is about.
    contact_id: MaybeUndefined<ContactId>,
    /// The company that it is about.
    company_id: MaybeUndefined<CompanyId>,
    /// The deal that it is about.
    deal_id: MaybeUndefined<DealId>,
    /// The project that it is about.
    project_id: MaybeUndefined<ProjectId>,
}

impl ActivityPatch {
    fn apply(self, activity: &mut Activity) -> ApiResult<()> {
        replace(&mut activity.kind, self.kind);
        patch(&mut activity.subject, self.subject);
        patch(&mut activity.body, self.body);
        replace(&mut activity.happened_at, self.happened_at);
        patch(&mut activity.minutes, self.minutes);
        patch(&mut activity.contact_id, self.contact_id);
        patch(&mut activity.company_id, self.company_id);
        patch(&mut activity.deal_id, self.deal_id);
        patch(&mut activity.project_id, self.project_id);
        check(&activity.subject, &activity.body, activity.minutes)
    }
}

/// A week.
const MOST_MINUTES: i32 = 10_080;

fn check(subject: &Option<Text<200>>, body: &Option<Prose<10_000>>, minutes: Option<i32>) -> ApiResult<()> {
    if subject.is_none() && body.is_none() {
        return Err(ApiError::invalid().at("/subject", "an activity needs a subject or a body"));
    }
    if minutes.is_some_and(|minutes| !(0..=MOST_MINUTES).contains(&minutes)) {
        return Err(ApiError::invalid().at("/minutes", "expected a number from 0 to 10080"));
    }
    Ok(())
}

criteria! {
    /// What activities are listed by.
    pub struct ActivityFields of Activity in "activities" by "-happened_at" {
        /// What kind of activity it is.
        kind: ActivityKind => [eq in];
        /// Who wrote it down.
        owner_id: UserId => [eq in null];
        /// When it happened.
        happened_at: Moment => [gt gte lt lte], sort timestamptz |activity| activity.happened_at;
        /// The contact that it is about.
        contact_id: ContactId => [eq];
        /// The company that it is about.
        company_id: CompanyId => [eq];
        /// The deal that it is about.
        deal_id: DealId => [eq];
        /// The project that it is about.
        project_id: ProjectId => [eq];
    }
}

//! Projects: work that several people do together for somebody, with their tasks.
//!
//! - this file: the project, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `api.rs`: the operations; `store.rs`: the SQL;
//! - `members/`: who works on it. That widens nobody's reach: a project is its owner's, as every record.

mod api;
pub mod members;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ProjectsApi;
pub(super) use source::{PROJECT_MEMBERS, PROJECTS};

use super::companies::{Company, CompanyId};
use super::contacts::{Contact, ContactId};
use super::deals::{Deal, DealId};
use crate::custom::{Custom, CustomChange};
use crate::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Date, Label, Moment, Prose, Tags, Text};
use crate::{bulk, choice, criteria, owned_row, record_id};

record_id! {
    /// The id of a project.
    ProjectId
}

choice! {
    /// How far a project has come.
    pub enum ProjectStatus {
        /// It has not begun.
        Planned = "planned",
        /// It is under way.
        Active = "active",
        /// It rests.
        OnHold = "on_hold",
        /// It has come to its end.
        Done = "done",
        /// It was given up.
        Canceled = "canceled",
    }
}

/// Work that several people do together.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// What it is called.
    pub name: Text<200>,
    /// How far it has come.
    pub status: ProjectStatus,
    /// The first day.
    pub starts_on: Option<Date>,
    /// The last day.
    pub ends_on: Option<Date>,
    /// What it is about.
    pub description: Option<Prose<10_000>>,
    /// The contact whom it is for.
    pub contact_id: Option<ContactId>,
    /// The company that it is for.
    pub company_id: Option<CompanyId>,
    /// The deal that it came from.
    pub deal_id: Option<DealId>,
    /// Words to find it by.
    pub tags: Tags,
    /// Values of the organization's own fields, by their keys; see `GET /custom-fields`.
    pub custom: Custom,
    /// Who answers for it: who made it, or whom it was given to. Null where an operator made it. Who leaves the organization
    /// stays the owner until it is given to another.
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

owned_row!(Project in "projects" {
    id,
    name,
    status,
    starts_on,
    ends_on,
    description,
    contact_id,
    company_id,
    deal_id,
    tags,
    custom = "custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'projects')",
    owner_id,
    created_at,
    updated_at,
    version
});

impl Versioned for Project {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A project to make. Whom it is for has to be there, and in the caller's reach.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// What it is called.
    name: Text<200>,
    /// How far it has come; `planned` where it is left out.
    status: Option<ProjectStatus>,
    /// The first day.
    starts_on: Option<Date>,
    /// The last day.
    ends_on: Option<Date>,
    /// What it is about.
    description: Option<Prose<10_000>>,
    /// The contact whom it is for.
    contact_id: Option<ContactId>,
    /// The company that it is for.
    company_id: Option<CompanyId>,
    /// The deal that it came from.
    deal_id: Option<DealId>,
    /// Words to find it by; up to 50.
    #[serde(default)]
    #[oai(default)]
    tags: Tags,
    /// Values for the organization's own fields, by their keys.
    #[serde(default)]
    #[oai(default)]
    custom: CustomChange,
}

impl NewProject {
    fn checked(self) -> ApiResult<Self> {
        in_order(self.starts_on, self.ends_on)?;
        Ok(self)
    }
}

/// What to change in a project. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectPatch {
    /// What it is called.
    name: Change<Text<200>>,
    /// How far it has come.
    status: Change<ProjectStatus>,
    /// The first day.
    starts_on: MaybeUndefined<Date>,
    /// The last day.
    ends_on: MaybeUndefined<Date>,
    /// What it is about.
    description: MaybeUndefined<Prose<10_000>>,
    /// The contact whom it is for.
    contact_id: MaybeUndefined<ContactId>,
    /// The company that it is for.
    company_id: MaybeUndefined<CompanyId>,
    /// The deal that it came from.
    deal_id: MaybeUndefined<DealId>,
    /// Words to find it by.
    tags: Change<Tags>,
    /// Values for the organization's own fields, by their keys: those that are not named stay, null takes a value away.
    custom: Change<CustomChange>,
}

impl ProjectPatch {
    /// Applies it but for the organization's own fields.
    fn apply(self, project: &mut Project) -> ApiResult<CustomChange> {
        replace(&mut project.name, self.name);
        replace(&mut project.status, self.status);
        patch(&mut project.starts_on, self.starts_on);
        patch(&mut project.ends_on, self.ends_on);
        patch(&mut project.description, self.description);
        patch(&mut project.contact_id, self.contact_id);
        patch(&mut project.company_id, self.company_id);
        patch(&mut project.deal_id, self.deal_id);
        replace(&mut project.tags, self.tags);
        in_order(project.starts_on, project.ends_on)?;
        Ok(self.custom.given().unwrap_or_default())
    }
}

fn in_order(starts_on: Option<Date>, ends_on: Option<Date>) -> ApiResult<()> {
    match starts_on.zip(ends_on) {
        Some((first, last)) if last < first => {
            Err(ApiError::invalid().at("/ends_on", "a project ends on the day that it starts on, or later"))
        }
        _ => Ok(()),
    }
}

criteria! {
    /// What projects are listed by.
    pub struct ProjectFields of Project in "projects" by "-created_at", q "search_text" of "names", custom {
        /// How far it has come.
        status: ProjectStatus => [eq in];
        /// The contact whom it is for.
        contact_id: ContactId => [eq in null];
        /// The company that it is for.
        company_id: CompanyId => [eq in null];
        /// The deal that it came from.
        deal_id: DealId => [eq in null];
        /// Its tags.
        tags: Label => [has];
        /// Who answers for it.
        owner_id: UserId => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |project| project.created_at;
        /// When it was last changed.
        updated_at: Moment => [gt gte lt lte], sort timestamptz |project| project.updated_at;
        /// What it is called.
        name: Text<200> => [], sort folded |project| project.name.to_string();
    }
}

bulk! {
    Project by NewProject, ProjectPatch:
        name, status, starts_on, ends_on, description, contact_id, company_id, deal_id, tags;
    new |new| NewProject { status: new.status.or(Some(ProjectStatus::Planned)), ..new }.checked();
    change |project, patch| patch.apply(project);
    links contact_id => Contact, company_id => Company, deal_id => Deal;
    own custom of Projects;
}

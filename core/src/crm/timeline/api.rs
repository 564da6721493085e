//! The operations on timelines.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{TimelineEntry, page};
use crate::crm::companies::{Company, CompanyId};
use crate::crm::contacts::{Contact, ContactId};
use crate::crm::deals::{Deal, DealId};
use crate::crm::projects::{Project, ProjectId};
use crate::crm::{CompaniesRead, ContactsRead, DealsRead, ProjectsRead};
use crate::http::{Answer, ApiResult, Can, Cursor, Limit, Page};
use crate::module::Tag;
use crate::timeline_sql;

/// Timelines.
#[derive(Default)]
pub struct TimelineApi;

#[OpenApi]
impl TimelineApi {
    /// Show the timeline of a contact.
    ///
    /// Newest first: activities and tasks about it that the caller may see, and who changed which of its fields.
    #[oai(path = "/contacts/:id/timeline", method = "get", operation_id = "contacts_timeline", tag = "Tag::Contacts")]
    async fn of_contact(
        &self,
        caller: Can<ContactsRead>,
        id: Path<ContactId>,
        /// Entries a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TimelineEntry>>> {
        page::<Contact, _>(&caller, timeline_sql!("contacts" about "contact_id"), id.0.as_uuid(), limit.0, cursor.0)
            .await
            .map(Answer)
    }

    /// Show the timeline of a company.
    ///
    /// Newest first: activities and tasks about it that the caller may see, and who changed which of its fields.
    #[oai(
        path = "/companies/:id/timeline",
        method = "get",
        operation_id = "companies_timeline",
        tag = "Tag::Companies"
    )]
    async fn of_company(
        &self,
        caller: Can<CompaniesRead>,
        id: Path<CompanyId>,
        /// Entries a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TimelineEntry>>> {
        let sql = timeline_sql!("companies" about "company_id");
        page::<Company, _>(&caller, sql, id.0.as_uuid(), limit.0, cursor.0).await.map(Answer)
    }

    /// Show the timeline of a deal.
    ///
    /// Newest first: activities and tasks about it that the caller may see, and who changed which of its fields.
    #[oai(path = "/deals/:id/timeline", method = "get", operation_id = "deals_timeline", tag = "Tag::Deals")]
    async fn of_deal(
        &self,
        caller: Can<DealsRead>,
        id: Path<DealId>,
        /// Entries a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TimelineEntry>>> {
        page::<Deal, _>(&caller, timeline_sql!("deals" about "deal_id"), id.0.as_uuid(), limit.0, cursor.0)
            .await
            .map(Answer)
    }

    /// Show the timeline of a project.
    ///
    /// Newest first: activities and tasks of it that the caller may see, and who changed which of its fields.
    #[oai(path = "/projects/:id/timeline", method = "get", operation_id = "projects_timeline", tag = "Tag::Projects")]
    async fn of_project(
        &self,
        caller: Can<ProjectsRead>,
        id: Path<ProjectId>,
        /// Entries a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TimelineEntry>>> {
        page::<Project, _>(&caller, timeline_sql!("projects" about "project_id"), id.0.as_uuid(), limit.0, cursor.0)
            .await
            .map(Answer)
    }
}

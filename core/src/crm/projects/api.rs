//! The operations on projects.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewProject, Project, ProjectFields, ProjectId, ProjectPatch, store};
use crate::bulk::{BulkRequest, BulkResults, bulk};
use crate::crm::parts::Assignment;
use crate::crm::tasks::{self, Task, TaskFields};
use crate::crm::{ProjectsAssign, ProjectsRead, ProjectsWrite, TasksRead};
use crate::custom::{self, Customized};
use crate::export::{Export, ExportFormat, export};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Unpaged,
    Versioned,
};
use crate::module::Tag;
use crate::sql;

/// Projects.
#[derive(Default)]
pub struct ProjectsApi;

#[OpenApi(tag = "Tag::Projects")]
impl ProjectsApi {
    /// List projects.
    #[oai(path = "/projects", method = "get", operation_id = "projects_list")]
    async fn list(
        &self,
        caller: Can<ProjectsRead>,
        criteria: Criteria<ProjectFields>,
    ) -> ApiResult<Answer<Page<Project>>> {
        criteria.list(&caller, store::list(caller.reach())).await.map(Answer)
    }

    /// List the tasks of a project that the caller may see.
    #[oai(path = "/projects/:id/tasks", method = "get", operation_id = "projects_tasks")]
    async fn tasks(
        &self,
        caller: Can<TasksRead>,
        id: Path<ProjectId>,
        criteria: Criteria<TaskFields>,
    ) -> ApiResult<Answer<Page<Task>>> {
        let tasks = tasks::list(caller.reach()).filter(sql!("project_id = $1"), Some(id.0));
        let page = criteria.page(&caller, tasks)?;
        let page = caller.read_all(async |tx| {
            tx.run(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(page).await?)
        });
        page.await.map(Answer)
    }

    /// Create a project.
    ///
    /// It is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/projects", method = "post", operation_id = "projects_create")]
    async fn create(&self, caller: Can<ProjectsWrite>, body: Body<NewProject>) -> ApiResult<Created<Project>> {
        let (mut new, reach) = (body.0.checked()?, caller.reach());
        let given = std::mem::take(&mut new.custom);
        let insert = |custom| store::insert(reach, ProjectId::new(), new, custom);
        let record = custom::insert(&caller, Customized::Projects, given, insert).await?;
        Ok(Created::at("/projects", record.id, record))
    }

    /// Create, change and delete many projects at once.
    ///
    /// Up to 1,000 in one request, each by the rules of the operation on one, in one transaction. With `all_or_nothing`, which is the
    /// default, nothing changes unless every row is good; the problem points at the others, such as `/create/17/ends_on`. With
    /// `per_row` the good ones are done, and the answer tells of each. A `version` is left out where any may be changed.
    #[oai(path = "/projects/bulk", method = "post", operation_id = "projects_bulk")]
    async fn bulk(
        &self,
        caller: Can<ProjectsWrite>,
        body: Body<BulkRequest<Project>>,
    ) -> ApiResult<Answer<BulkResults>> {
        bulk(&caller, body.0).await.map(Answer)
    }

    /// Export projects.
    ///
    /// All that the list would show, as a file that is written as it is read: CSV, or a JSON object a line. It is no picture of one
    /// moment: each record is as it was when it was read. An organization has two exports at once.
    #[oai(path = "/projects/export", method = "get", operation_id = "projects_export")]
    async fn export(
        &self,
        caller: Can<ProjectsRead>,
        asked: Unpaged<ProjectFields>,
        /// How it is written; CSV where it is left out.
        format: Query<Option<ExportFormat>>,
    ) -> ApiResult<Export> {
        export(caller, store::list, asked, format.0).await
    }

    /// Show a project.
    #[oai(path = "/projects/:id", method = "get", operation_id = "projects_get")]
    async fn get(&self, caller: Can<ProjectsRead>, id: Path<ProjectId>) -> ApiResult<Item<Project>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a project.
    #[oai(path = "/projects/:id", method = "patch", operation_id = "projects_update")]
    async fn update(
        &self,
        caller: Can<ProjectsWrite>,
        id: Path<ProjectId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ProjectPatch>,
    ) -> ApiResult<Item<Project>> {
        let record = caller
            .transaction(async |tx| {
                let mut project = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                project.expect(&version)?;
                let given = body.0.apply(&mut project)?;
                let custom = given.of_old(tx, caller.reach(), Customized::Projects, "").await?;
                Ok(tx.run(store::update(caller.reach(), project, custom)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Give a project to another member.
    ///
    /// It may be out of the caller's reach from then on.
    #[oai(path = "/projects/:id/owner", method = "put", operation_id = "projects_assign")]
    async fn assign(
        &self,
        caller: Can<ProjectsAssign>,
        id: Path<ProjectId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<Assignment>,
    ) -> ApiResult<Item<Project>> {
        // Who leaves right after this question leaves as the owner, as anybody does.
        let is_member = caller.is_member(body.0.user_id).await?;
        let record = caller
            .transaction(async |tx| {
                let project = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                project.expect(&version)?;
                if !is_member {
                    return Err(ApiError::not_found().at("/user_id", "there is no such member"));
                }
                Ok(tx.run(store::assign(caller.reach(), id.0, body.0.user_id)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a project.
    #[oai(path = "/projects/:id", method = "delete", operation_id = "projects_delete")]
    async fn delete(
        &self,
        caller: Can<ProjectsWrite>,
        id: Path<ProjectId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let project = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                project.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

//! The operations on tasks.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewTask, Task, TaskFields, TaskId, TaskPatch, store};
use crate::bulk::{BulkRequest, BulkResults, bulk};
use crate::crm::parts::Assignment;
use crate::crm::{TasksAssign, TasksRead, TasksWrite};
use crate::export::{Export, ExportFormat, export};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Unpaged,
    Versioned,
};
use crate::module::Tag;
use crate::permission::Permission as _;

/// Tasks.
#[derive(Default)]
pub struct TasksApi;

#[OpenApi(tag = "Tag::Tasks")]
impl TasksApi {
    /// List tasks.
    #[oai(path = "/tasks", method = "get", operation_id = "tasks_list")]
    async fn list(&self, caller: Can<TasksRead>, criteria: Criteria<TaskFields>) -> ApiResult<Answer<Page<Task>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Create a task.
    ///
    /// It is the caller's own to do, or the member's who is named. It may be out of the caller's reach from then on.
    #[oai(path = "/tasks", method = "post", operation_id = "tasks_create")]
    async fn create(&self, caller: Can<TasksWrite>, body: Body<NewTask>) -> ApiResult<Created<Task>> {
        let id = TaskId::new();
        let somebody = body.0.assignee_id.filter(|assignee| assignee.as_uuid() != caller.user());
        let Some(somebody) = somebody else {
            let record = caller.write(store::insert(caller.reach(), id, body.0)).await?;
            return Ok(Created::at("/tasks", id, record));
        };
        if !caller.allows(&TasksAssign::INFO) {
            return Err(ApiError::forbidden(&TasksAssign::INFO));
        }
        let is_member = caller.is_member(somebody).await?;
        let made = caller.transaction(async |tx| {
            let record = tx.run(store::insert(caller.reach(), id, body.0)).await?;
            if !is_member {
                return Err(ApiError::not_found().at("/assignee_id", "there is no such member"));
            }
            Ok(record)
        });
        Ok(Created::at("/tasks", id, made.await?))
    }

    /// Create, change and delete many tasks at once.
    ///
    /// Up to 1,000 in one request, each by the rules of the operation on one, in one transaction. With `all_or_nothing`, which is the
    /// default, nothing changes unless every row is good; the problem points at the others, such as `/create/17/due_at`. With
    /// `per_row` the good ones are done, and the answer tells of each. A `version` is left out where any may be changed.
    #[oai(path = "/tasks/bulk", method = "post", operation_id = "tasks_bulk")]
    async fn bulk(&self, caller: Can<TasksWrite>, body: Body<BulkRequest<Task>>) -> ApiResult<Answer<BulkResults>> {
        bulk(&caller, body.0).await.map(Answer)
    }

    /// Export tasks.
    ///
    /// All that the list would show, as a file that is written as it is read: CSV, or a JSON object a line. It is no picture of one
    /// moment: each record is as it was when it was read. An organization has two exports at once.
    #[oai(path = "/tasks/export", method = "get", operation_id = "tasks_export")]
    async fn export(
        &self,
        caller: Can<TasksRead>,
        asked: Unpaged<TaskFields>,
        /// How it is written; CSV where it is left out.
        format: Query<Option<ExportFormat>>,
    ) -> ApiResult<Export> {
        export(caller, store::list, asked, format.0).await
    }

    /// Show a task.
    #[oai(path = "/tasks/:id", method = "get", operation_id = "tasks_get")]
    async fn get(&self, caller: Can<TasksRead>, id: Path<TaskId>) -> ApiResult<Item<Task>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a task.
    #[oai(path = "/tasks/:id", method = "patch", operation_id = "tasks_update")]
    async fn update(
        &self,
        caller: Can<TasksWrite>,
        id: Path<TaskId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<TaskPatch>,
    ) -> ApiResult<Item<Task>> {
        let record = caller
            .transaction(async |tx| {
                let mut task = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                task.expect(&version)?;
                body.0.apply(&mut task);
                Ok(tx.run(store::update(caller.reach(), task)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Note that a task is done.
    ///
    /// One that is done already stays as it is.
    #[oai(path = "/tasks/:id/complete", method = "post", operation_id = "tasks_complete")]
    async fn complete(
        &self,
        caller: Can<TasksWrite>,
        id: Path<TaskId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Task>> {
        let done = caller.transaction(async |tx| {
            let task = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            task.expect_given(&version)?;
            if task.done_at.is_some() {
                return Ok(task);
            }
            Ok(tx.run(store::complete(caller.reach(), &task, caller.user())).await?)
        });
        done.await.map(Item)
    }

    /// Note that a task is not done after all.
    ///
    /// One that is open stays as it is.
    #[oai(path = "/tasks/:id/reopen", method = "post", operation_id = "tasks_reopen")]
    async fn reopen(
        &self,
        caller: Can<TasksWrite>,
        id: Path<TaskId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Task>> {
        let open = caller.transaction(async |tx| {
            let task = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            task.expect_given(&version)?;
            Ok(tx.run(store::reopen(caller.reach(), id.0)).await?)
        });
        open.await.map(Item)
    }

    /// Give a task to another member, who has to do it from now on.
    ///
    /// It may be out of the caller's reach from then on.
    #[oai(path = "/tasks/:id/owner", method = "put", operation_id = "tasks_assign")]
    async fn assign(
        &self,
        caller: Can<TasksAssign>,
        id: Path<TaskId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<Assignment>,
    ) -> ApiResult<Item<Task>> {
        // Who leaves right after this question leaves as the owner, as anybody does.
        let is_member = caller.is_member(body.0.user_id).await?;
        let record = caller
            .transaction(async |tx| {
                let task = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                task.expect(&version)?;
                if !is_member {
                    return Err(ApiError::not_found().at("/user_id", "there is no such member"));
                }
                Ok(tx.run(store::assign(caller.reach(), id.0, body.0.user_id)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a task.
    #[oai(path = "/tasks/:id", method = "delete", operation_id = "tasks_delete")]
    async fn delete(
        &self,
        caller: Can<TasksWrite>,
        id: Path<TaskId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let task = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                task.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

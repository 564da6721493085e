//! The operations on who works on a project.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::super::store as projects;
use super::{ProjectId, ProjectMember, ProjectMemberSort, store};
use crate::crm::{ProjectMembersRead, ProjectMembersWrite};
use crate::http::{Answer, ApiError, ApiResult, Can, Cursor, Deleted, Limit, Page, Paging};
use crate::identity::UserId;
use crate::module::Tag;

/// People who work on a project.
const MOST: i64 = 200;

/// Who works on a project.
#[derive(Default)]
pub struct ProjectMembersApi;

#[OpenApi(tag = "Tag::Projects")]
impl ProjectMembersApi {
    /// List who works on a project.
    #[oai(path = "/projects/:id/members", method = "get", operation_id = "projects_members_list")]
    async fn list(
        &self,
        caller: Can<ProjectMembersRead>,
        id: Path<ProjectId>,
        /// The order; who came first comes first where it is left out.
        sort: Query<Option<ProjectMemberSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<ProjectMember>>> {
        let sort = sort.0.unwrap_or(ProjectMemberSort::CreatedAt);
        let paging = Paging::new(&caller, "project members", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(projects::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Have a member of the organization work on a project.
    ///
    /// Who does already goes on. It gives nobody the right to see the project or its tasks.
    #[oai(path = "/projects/:id/members/:user_id", method = "put", operation_id = "projects_members_add")]
    async fn add(
        &self,
        caller: Can<ProjectMembersWrite>,
        id: Path<ProjectId>,
        user_id: Path<UserId>,
    ) -> ApiResult<Deleted> {
        // Who leaves right after this question leaves as one who works on it, as anybody does.
        let is_member = caller.is_member(user_id.0).await?;
        let added = caller.transaction(async |tx| {
            tx.run(projects::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            if !is_member {
                return Err(ApiError::not_found());
            }
            let known = tx.run(store::all(caller.reach(), id.0, MOST)).await?;
            if known.iter().any(|member| member.user_id == user_id.0) {
                return Ok(());
            }
            if i64::try_from(known.len()).is_ok_and(|count| count >= MOST) {
                return Err(ApiError::conflict("project_full", "At most 200 people work on a project."));
            }
            Ok(tx.run(store::insert(caller.reach(), id.0, user_id.0)).await.map(|_| ())?)
        });
        added.await.map(|()| Deleted)
    }

    /// Have somebody not work on a project any more.
    ///
    /// 404 where they do not.
    #[oai(path = "/projects/:id/members/:user_id", method = "delete", operation_id = "projects_members_remove")]
    async fn remove(
        &self,
        caller: Can<ProjectMembersWrite>,
        id: Path<ProjectId>,
        user_id: Path<UserId>,
    ) -> ApiResult<Deleted> {
        let removed = caller.transaction(async |tx| {
            tx.run(projects::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            let member = tx.run(store::find(caller.reach(), id.0, user_id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::delete(caller.reach(), member.id)).await?)
        });
        removed.await.map(|()| Deleted)
    }
}

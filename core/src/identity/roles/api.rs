//! `/roles` and `/permissions`.

use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;

use super::grant::{self, above_own};
use super::{CustomRole, NewRole, RoleId, RolePatch, RoleSort, store};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned, replace,
};
use crate::identity::{RolesRead, RolesWrite, is_scope};
use crate::module::Tag;
use crate::permission::Role;

/// Roles that one organization may have.
const MOST: i64 = 100;

/// A permission that a role can have.
#[derive(Debug, Serialize, Object)]
pub struct PermissionAnswer {
    /// Its name.
    pub name: String,
    /// The module that it belongs to.
    pub module: String,
    /// The least of the four roles that has it.
    pub role: Role,
    /// Whether it allows changes.
    pub writes: bool,
    /// Whether the caller may put it into a role.
    pub grantable: bool,
    /// Whether an API key may have it.
    pub api_keys: bool,
}

/// All permissions.
#[derive(Debug, Serialize, Object)]
pub struct PermissionList {
    /// The permissions of core and of the enabled modules.
    pub items: Vec<PermissionAnswer>,
}

/// Roles.
#[derive(Default)]
pub struct RolesApi;

#[OpenApi(tag = "Tag::Members")]
impl RolesApi {
    /// List the permissions that a role can have.
    #[oai(path = "/permissions", method = "get", operation_id = "permissions_list")]
    async fn permissions(&self, caller: Can<RolesRead>) -> ApiResult<Answer<PermissionList>> {
        let enabled = caller.admit().await?.run(store::enabled(caller.tenant())).await?;
        let held = caller.held();
        let items = grant::offered(&caller, &enabled).map(|info| PermissionAnswer {
            name: info.name.to_owned(),
            module: info.module.to_owned(),
            role: info.role,
            writes: info.writes,
            grantable: info.is_grantable() && held.verdict(info).is_allowed(),
            api_keys: is_scope(info),
        });
        Ok(Answer(PermissionList { items: items.collect() }))
    }

    /// List the organization's own roles.
    #[oai(path = "/roles", method = "get", operation_id = "roles_list")]
    async fn list(
        &self,
        caller: Can<RolesRead>,
        /// The order; oldest first where it is left out.
        sort: Query<Option<RoleSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<CustomRole>>> {
        let sort = sort.0.unwrap_or(RoleSort::CreatedAt);
        let paging = Paging::new(&caller, "roles", sort, limit.0, cursor.0)?;
        caller.admit().await?.run(store::list(caller.tenant(), paging)).await.map(Answer)
    }

    /// Make a role.
    #[oai(path = "/roles", method = "post", operation_id = "roles_create")]
    async fn create(&self, caller: Can<RolesWrite>, body: Body<NewRole>) -> ApiResult<Created<CustomRole>> {
        let NewRole { name, permissions, scope } = body.0;
        let scope = grant::scope(&caller, scope.unwrap_or_default())?;
        let made = caller.govern(async |tx| {
            let enabled = tx.run(store::enabled(caller.tenant())).await?;
            let permissions = grant::permissions(&caller, &enabled, &permissions)?;
            grant::fit(&caller, &permissions, scope)?;
            if tx.run(store::count(caller.tenant())).await?.0 >= MOST {
                return Err(ApiError::conflict("too_many_roles", "An organization has at most 100 roles of its own."));
            }
            Ok(tx.run(store::insert(caller.tenant(), name, permissions, scope)).await?)
        });
        let role = made.await?;
        Ok(Created::at("/roles", role.id, role))
    }

    /// Show a role.
    #[oai(path = "/roles/:id", method = "get", operation_id = "roles_get")]
    async fn get(&self, caller: Can<RolesRead>, id: Path<RoleId>) -> ApiResult<Item<CustomRole>> {
        let found = caller.admit().await?.run(store::find(caller.tenant(), id.0)).await?;
        found.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a role.
    ///
    /// It holds from the next request of each member who has it on: their tokens are refused, and refreshed ones know
    /// the change.
    #[oai(path = "/roles/:id", method = "patch", operation_id = "roles_update")]
    async fn update(
        &self,
        caller: Can<RolesWrite>,
        id: Path<RoleId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<RolePatch>,
    ) -> ApiResult<Item<CustomRole>> {
        let updated = caller.govern(async |tx| {
            let mut role = tx.run(store::find(caller.tenant(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            role.expect(&version)?;
            if !caller.covers(&role.held()) {
                return Err(above_own());
            }
            let RolePatch { name, permissions, scope } = body.0;
            replace(&mut role.name, name);
            if let Some(names) = permissions.given() {
                let enabled = tx.run(store::enabled(caller.tenant())).await?;
                role.permissions = grant::permissions(&caller, &enabled, &names)?;
            }
            if let Some(scope) = scope.given() {
                role.scope = grant::scope(&caller, scope)?;
            }
            grant::fit(&caller, &role.permissions, role.scope)?;
            Ok(tx.run(store::update(role)).await?)
        });
        updated.await.map(Item)
    }

    /// Delete a role.
    ///
    /// 409 while a member or an open invitation has it.
    #[oai(path = "/roles/:id", method = "delete", operation_id = "roles_delete")]
    async fn delete(
        &self,
        caller: Can<RolesWrite>,
        id: Path<RoleId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.govern(async |tx| {
            let role = tx.run(store::find(caller.tenant(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            role.expect_given(&version)?;
            if !caller.covers(&role.held()) {
                return Err(above_own());
            }
            tx.run(store::forget_invitations(caller.tenant(), id.0)).await?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await?;
        Ok(Deleted)
    }
}

//! `/members`, and who owns the organization.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Member, MemberPatch, MemberSort, Transfer, UserId, store};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, IfMatch, Item, Limit, Page, Paging, SignedIn, Versioned,
};
use crate::identity::organization::OrganizationId;
use crate::identity::roles::{above_own, grantable};
use crate::identity::teams::TeamId;
use crate::identity::{MembersRead, MembersWrite, OrganizationTransfer};
use crate::module::Tag;
use crate::permission::{Role, RoleRef};
use crate::tenancy::TenantId;

/// Members.
#[derive(Default)]
pub struct MembersApi;

#[OpenApi(tag = "Tag::Members")]
impl MembersApi {
    /// List the members.
    #[oai(path = "/members", method = "get", operation_id = "members_list")]
    async fn list(
        &self,
        caller: Can<MembersRead>,
        /// Only those in this team.
        team_id: Query<Option<TeamId>>,
        /// The order; who joined first comes first where it is left out.
        sort: Query<Option<MemberSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Member>>> {
        let sort = sort.0.unwrap_or(MemberSort::JoinedAt);
        let paging = Paging::new(&caller, "members", sort, limit.0, cursor.0)?;
        caller.admit().await?.run(store::list(caller.tenant(), team_id.0, paging)).await.map(Answer)
    }

    /// Show a member.
    #[oai(path = "/members/:user_id", method = "get", operation_id = "members_get")]
    async fn get(&self, caller: Can<MembersRead>, user_id: Path<UserId>) -> ApiResult<Item<Member>> {
        let found = caller.admit().await?.run(store::find(caller.tenant(), user_id.0)).await?;
        found.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Give a member another role.
    ///
    /// Neither the old nor the new role may be above one's own. It holds from the member's next request on. 409 where no
    /// owner would be left.
    #[oai(path = "/members/:user_id", method = "patch", operation_id = "members_update")]
    async fn update(
        &self,
        caller: Can<MembersWrite>,
        user_id: Path<UserId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<MemberPatch>,
    ) -> ApiResult<Item<Member>> {
        let (tenant, user, role) = (caller.tenant(), user_id.0, body.0.role);
        let updated = caller.govern(async |tx| {
            let member = tx.run(store::find(tenant, user)).await?.ok_or_else(ApiError::not_found)?;
            member.expect(&version)?;
            let held = tx.run(store::held(tenant, user.as_uuid())).await?.ok_or_else(ApiError::not_found)?;
            if !caller.covers(&held) {
                return Err(above_own());
            }
            grantable(&caller, tx, role, "/role").await?;
            if member.role == role {
                return Ok(member);
            }
            tx.run(store::set_role(tenant, user, role)).await?;
            tx.run(store::find(tenant, user)).await?.ok_or_else(ApiError::not_found)
        });
        updated.await.map(Item)
    }

    /// Remove a member.
    ///
    /// Nobody above one's own role. It holds from the member's next request on. 409 where no owner would be left. To leave
    /// an organization oneself takes no permission: `DELETE /users/me/organizations/{id}`.
    #[oai(path = "/members/:user_id", method = "delete", operation_id = "members_delete")]
    async fn delete(&self, caller: Can<MembersWrite>, user_id: Path<UserId>) -> ApiResult<Deleted> {
        let (tenant, user) = (caller.tenant(), user_id.0.as_uuid());
        let removed = caller.govern(async |tx| {
            let held = tx.run(store::held(tenant, user)).await?.ok_or_else(ApiError::not_found)?;
            if !caller.covers(&held) {
                return Err(above_own());
            }
            Ok(tx.run(store::remove(tenant, user)).await?)
        });
        removed.await?;
        Ok(Deleted)
    }

    /// Leave an organization.
    ///
    /// 409 where no owner would be left.
    #[oai(path = "/users/me/organizations/:id", method = "delete", operation_id = "users_me_organizations_leave")]
    async fn leave(&self, caller: SignedIn, id: Path<OrganizationId>) -> ApiResult<Deleted> {
        let tenant = TenantId::from(id.0.as_uuid());
        let left = caller.transaction(async |tx| {
            tx.run(store::lock_organization(tenant)).await?;
            Ok(tx.run(store::remove(tenant, caller.user())).await?)
        });
        if left.await? { Ok(Deleted) } else { Err(ApiError::not_found()) }
    }

    /// Give the organization to another member.
    ///
    /// That member becomes an owner, and the caller an admin.
    #[oai(path = "/organization/transfer", method = "post", operation_id = "organization_transfer")]
    async fn transfer(&self, caller: Can<OrganizationTransfer>, body: Body<Transfer>) -> ApiResult<Item<Member>> {
        let (tenant, user) = (caller.tenant(), body.0.user_id);
        if user.as_uuid() == caller.user() {
            return Err(ApiError::invalid().at("/user_id", "this is you; name another member"));
        }
        let transferred = caller.govern(async |tx| {
            let unknown = || ApiError::not_found().at("/user_id", "there is no such member");
            tx.run(store::held(tenant, user.as_uuid())).await?.ok_or_else(unknown)?;
            tx.run(store::set_role(tenant, user, RoleRef::BuiltIn(Role::Owner))).await?;
            tx.run(store::set_role(tenant, UserId::from(caller.user()), RoleRef::BuiltIn(Role::Admin))).await?;
            tx.run(store::find(tenant, user)).await?.ok_or_else(unknown)
        });
        transferred.await.map(Item)
    }
}

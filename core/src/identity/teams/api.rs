//! `/teams`

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewTeam, Seat, Team, TeamId, TeamPatch, TeamSort, store};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned, replace,
};
use crate::identity::members::{UserId, store as members};
use crate::identity::{TeamsRead, TeamsWrite};
use crate::module::Tag;
use crate::platform::PlatformTx;

/// Teams that one organization may have.
const MOST: i64 = 1000;
/// Members that one team may have.
const MOST_MEMBERS: i64 = 500;

/// Teams.
#[derive(Default)]
pub struct TeamsApi;

#[OpenApi(tag = "Tag::Members")]
impl TeamsApi {
    /// List the teams.
    #[oai(path = "/teams", method = "get", operation_id = "teams_list")]
    async fn list(
        &self,
        caller: Can<TeamsRead>,
        /// The order; oldest first where it is left out.
        sort: Query<Option<TeamSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Team>>> {
        let sort = sort.0.unwrap_or(TeamSort::CreatedAt);
        let paging = Paging::new(&caller, "teams", sort, limit.0, cursor.0)?;
        caller.admit().await?.run(store::list(caller.tenant(), paging)).await.map(Answer)
    }

    /// Make a team.
    #[oai(path = "/teams", method = "post", operation_id = "teams_create")]
    async fn create(&self, caller: Can<TeamsWrite>, body: Body<NewTeam>) -> ApiResult<Created<Team>> {
        let made = rule(&caller, async |tx| {
            if tx.run(store::count(caller.tenant())).await?.0 >= MOST {
                return Err(ApiError::conflict("too_many_teams", "An organization has at most 1000 teams."));
            }
            Ok(tx.run(store::insert(caller.tenant(), body.0.name)).await?)
        });
        let team = made.await?;
        Ok(Created::at("/teams", team.id, team))
    }

    /// Show a team.
    #[oai(path = "/teams/:id", method = "get", operation_id = "teams_get")]
    async fn get(&self, caller: Can<TeamsRead>, id: Path<TeamId>) -> ApiResult<Item<Team>> {
        let found = caller.admit().await?.run(store::find(caller.tenant(), id.0)).await?;
        found.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a team.
    #[oai(path = "/teams/:id", method = "patch", operation_id = "teams_update")]
    async fn update(
        &self,
        caller: Can<TeamsWrite>,
        id: Path<TeamId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<TeamPatch>,
    ) -> ApiResult<Item<Team>> {
        let updated = rule(&caller, async |tx| {
            let mut team = tx.run(store::find(caller.tenant(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            team.expect(&version)?;
            replace(&mut team.name, body.0.name);
            Ok(tx.run(store::update(team)).await?)
        });
        updated.await.map(Item)
    }

    /// Delete a team. Its members stay in the organization.
    #[oai(path = "/teams/:id", method = "delete", operation_id = "teams_delete")]
    async fn delete(
        &self,
        caller: Can<TeamsWrite>,
        id: Path<TeamId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = rule(&caller, async |tx| {
            let team = tx.run(store::find(caller.tenant(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            team.expect_given(&version)?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await?;
        Ok(Deleted)
    }

    /// Put a member into a team.
    ///
    /// Who is in it already stays in it. It holds from the next request on.
    #[oai(path = "/teams/:id/members/:user_id", method = "put", operation_id = "teams_members_add")]
    async fn seat(&self, caller: Can<TeamsWrite>, id: Path<TeamId>, user_id: Path<UserId>) -> ApiResult<Deleted> {
        let seat = Seat { tenant: caller.tenant(), team: id.0, user: user_id.0.as_uuid() };
        let seated = rule(&caller, async |tx| {
            expect_both(tx, seat).await?;
            if tx.run(store::count_members(seat.team)).await?.0 >= MOST_MEMBERS {
                return Err(ApiError::conflict("team_full", "A team has at most 500 members."));
            }
            Ok(tx.run(store::seat(seat)).await?)
        });
        seated.await?;
        Ok(Deleted)
    }

    /// Take a member out of a team.
    ///
    /// Who is not in it stays out of it. It holds from the next request on.
    #[oai(path = "/teams/:id/members/:user_id", method = "delete", operation_id = "teams_members_remove")]
    async fn unseat(&self, caller: Can<TeamsWrite>, id: Path<TeamId>, user_id: Path<UserId>) -> ApiResult<Deleted> {
        let seat = Seat { tenant: caller.tenant(), team: id.0, user: user_id.0.as_uuid() };
        let unseated = rule(&caller, async |tx| {
            expect_both(tx, seat).await?;
            Ok(tx.run(store::unseat(seat)).await?)
        });
        unseated.await?;
        Ok(Deleted)
    }
}

/// Changes teams, one change of an organization at a time. Who is in a team with whom decides who sees what, so the
/// permission is for those who see everything: nobody may widen their own reach.
async fn rule<T, F>(caller: &Can<TeamsWrite>, work: F) -> ApiResult<T>
where
    F: AsyncFnOnce(&PlatformTx<'_>) -> ApiResult<T>,
{
    caller.govern(work).await
}

async fn expect_both(tx: &PlatformTx<'_>, seat: Seat) -> ApiResult<()> {
    tx.run(store::find(seat.tenant, seat.team)).await?.ok_or_else(ApiError::not_found)?;
    tx.run(members::held(seat.tenant, seat.user)).await?.ok_or_else(ApiError::not_found)?;
    Ok(())
}

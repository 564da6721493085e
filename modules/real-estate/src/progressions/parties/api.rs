//! The operations on who has a part in a progression.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging};

use super::{NewProgressionParty, ProgressionId, ProgressionParty, ProgressionPartyId, ProgressionPartySort, store};
use crate::progressions::store as progressions;
use crate::{ProgressionPartiesRead, ProgressionPartiesWrite, Tag};

/// Who has a part in progressions.
#[derive(Default)]
pub struct ProgressionPartiesApi;

#[OpenApi(tag = "Tag::Progressions")]
impl ProgressionPartiesApi {
    /// List the parties of a progression.
    #[oai(path = "/real-estate/progressions/:id/parties", method = "get", operation_id = "progression_parties_list")]
    async fn list(
        &self,
        caller: Can<ProgressionPartiesRead>,
        id: Path<ProgressionId>,
        /// The order; who came first comes first where it is left out.
        sort: Query<Option<ProgressionPartySort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<ProgressionParty>>> {
        let sort = sort.0.unwrap_or(ProgressionPartySort::CreatedAt);
        let paging = Paging::new(&caller, "progression_parties", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(progressions::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Add a party to a progression.
    ///
    /// One in each role: who comes in the place of another follows the other's removal.
    #[oai(path = "/real-estate/progressions/:id/parties", method = "post", operation_id = "progression_parties_create")]
    async fn create(
        &self,
        caller: Can<ProgressionPartiesWrite>,
        id: Path<ProgressionId>,
        body: Body<NewProgressionParty>,
    ) -> ApiResult<Made<ProgressionParty>> {
        let made = caller.transaction(async |tx| {
            tx.run(progressions::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::insert(caller.reach(), id.0, body.0)).await?)
        });
        made.await.map(Made)
    }

    /// Remove a party from a progression.
    #[oai(
        path = "/real-estate/progressions/:id/parties/:party_id",
        method = "delete",
        operation_id = "progression_parties_delete"
    )]
    async fn delete(
        &self,
        caller: Can<ProgressionPartiesWrite>,
        id: Path<ProgressionId>,
        party_id: Path<ProgressionPartyId>,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            tx.run(progressions::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let party = tx.run(store::lock(caller.reach(), party_id.0)).await?;
            party.filter(|party| party.progression_id == id.0).ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::delete(caller.reach(), party_id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

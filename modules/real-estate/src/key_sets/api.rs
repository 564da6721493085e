//! The operations on key sets.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit,
    Made, Page, Paging, Versioned,
};

use super::movements::{self, CheckOut, KeyMovement, KeyMovementSort};
use super::{KeySet, KeySetFields, KeySetId, KeySetPatch, NewKeySet, store};
use crate::{KeysRead, KeysWrite, Tag};

/// Sets of keys.
#[derive(Default)]
pub struct KeySetsApi;

#[OpenApi(tag = "Tag::Keys")]
impl KeySetsApi {
    /// List sets of keys.
    #[oai(path = "/real-estate/key-sets", method = "get", operation_id = "key_sets_list")]
    async fn list(&self, caller: Can<KeysRead>, criteria: Criteria<KeySetFields>) -> ApiResult<Answer<Page<KeySet>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a set of keys.
    #[oai(path = "/real-estate/key-sets", method = "post", operation_id = "key_sets_create")]
    async fn create(&self, caller: Can<KeysWrite>, body: Body<NewKeySet>) -> ApiResult<Created<KeySet>> {
        let record = caller.write(store::insert(KeySetId::new(), body.0)).await?;
        Ok(Created::at("/real-estate/key-sets", record.id, record))
    }

    /// Show a set of keys, and who has it.
    #[oai(path = "/real-estate/key-sets/:id", method = "get", operation_id = "key_sets_get")]
    async fn get(&self, caller: Can<KeysRead>, id: Path<KeySetId>) -> ApiResult<Item<KeySet>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a set of keys.
    #[oai(path = "/real-estate/key-sets/:id", method = "patch", operation_id = "key_sets_update")]
    async fn update(
        &self,
        caller: Can<KeysWrite>,
        id: Path<KeySetId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<KeySetPatch>,
    ) -> ApiResult<Item<KeySet>> {
        let record = caller.transaction(async |tx| {
            let mut set = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            set.expect(&version)?;
            body.0.apply(&mut set);
            Ok(tx.run(store::update(set)).await?)
        });
        record.await.map(Item)
    }

    /// Delete a set of keys.
    ///
    /// Its movements go with it. One that is out is returned first.
    #[oai(path = "/real-estate/key-sets/:id", method = "delete", operation_id = "key_sets_delete")]
    async fn delete(
        &self,
        caller: Can<KeysWrite>,
        id: Path<KeySetId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let set = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            set.expect_given(&version)?;
            if set.out_since.is_some() {
                return Err(movements::OUT.into());
            }
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }

    /// Give a set of keys to somebody.
    ///
    /// To a contact or to a member of the organization. While one of them has it, nobody else gets it.
    #[oai(path = "/real-estate/key-sets/:id/check-out", method = "post", operation_id = "key_sets_check_out")]
    async fn check_out(
        &self,
        caller: Can<KeysWrite>,
        id: Path<KeySetId>,
        body: Body<CheckOut>,
    ) -> ApiResult<Made<KeyMovement>> {
        let by = body.0;
        // Who leaves right after this question leaves with the keys, as anybody does.
        let is_member = match by.user_id {
            Some(user) => caller.is_member(user).await?,
            None => true,
        };
        let taken = caller.transaction(async |tx| {
            let set = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            if !is_member {
                return Err(ApiError::not_found().at("/user_id", "there is no such member"));
            }
            let by = by.checked()?;
            if set.out_since.is_some() {
                return Err(movements::OUT.into());
            }
            let movement = tx.run(movements::take(caller.reach(), id.0, by)).await?;
            tx.run(store::note_out(id.0, Some(movement.taken_at))).await?;
            Ok(movement)
        });
        taken.await.map(Made)
    }

    /// Take a set of keys back.
    ///
    /// One that is in the office stays there.
    #[oai(path = "/real-estate/key-sets/:id/return", method = "post", operation_id = "key_sets_return")]
    async fn bring_back(&self, caller: Can<KeysWrite>, id: Path<KeySetId>) -> ApiResult<Item<KeySet>> {
        let record = caller.transaction(async |tx| {
            let set = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            if set.out_since.is_none() {
                return Ok(tx.run(store::find(id.0)).await?.unwrap_or(set));
            }
            tx.run(movements::bring_back(id.0)).await?;
            Ok(tx.run(store::note_out(id.0, None)).await?)
        });
        record.await.map(Item)
    }

    /// List the movements of a set of keys.
    #[oai(path = "/real-estate/key-sets/:id/movements", method = "get", operation_id = "key_sets_movements")]
    async fn movements(
        &self,
        caller: Can<KeysRead>,
        id: Path<KeySetId>,
        /// The order; newest first where it is left out.
        sort: Query<Option<KeyMovementSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<KeyMovement>>> {
        let sort = sort.0.unwrap_or(KeyMovementSort::TakenAtDesc);
        let paging = Paging::new(&caller, "key movements", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(movements::list(id.0, paging)).await?)
        });
        page.await.map(Answer)
    }
}

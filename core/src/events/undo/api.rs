//! The operations on undos.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::ground::Ground;
use super::{NewUndo, Undo, UndoApplication, UndoId, UndoRecord, UndoRecordSort, UndoSort, apply, preview, store};
use crate::events::{AuditRead, AuditUndo};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Item, Limit, Page, Paging};
use crate::module::Tag;

/// Undos.
#[derive(Default)]
pub struct UndoApi;

#[OpenApi(tag = "Tag::Events")]
impl UndoApi {
    /// List undos.
    #[oai(path = "/undos", method = "get", operation_id = "undos_list")]
    async fn list(
        &self,
        caller: Can<AuditRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<UndoSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Undo>>> {
        let paging = Paging::new(&caller, "undos", sort.0.unwrap_or(UndoSort::CreatedAtDesc), limit.0, cursor.0)?;
        caller.read(store::list(paging)).await.map(Answer)
    }

    /// Preview what undoing somebody's changes would do.
    ///
    /// It is about at most 1,000 records, and changes none of them; `/undos/{id}/records` lists what would become of each,
    /// and what stands in the way. What was deleted is made again, what was made is deleted, and changed fields are set back.
    /// A field that somebody else has changed since is in conflict, and so is a record that somebody else has changed since
    /// it was made. A kind of records that there is not is refused: 422.
    #[oai(path = "/undos", method = "post", operation_id = "undos_create")]
    async fn create(&self, caller: Can<AuditUndo>, body: Body<NewUndo>) -> ApiResult<Created<Undo>> {
        let new = body.0.checked()?;
        let ground = Ground::of(&caller).await?;
        ground.knows(new.resources.as_deref().unwrap_or_default())?;
        let undo = caller.transaction(async |tx| preview::make(tx, &caller, &ground, new).await).await?;
        Ok(Created::at("/undos", undo.id, undo))
    }

    /// Show an undo.
    #[oai(path = "/undos/:id", method = "get", operation_id = "undos_get")]
    async fn get(&self, caller: Can<AuditRead>, id: Path<UndoId>) -> ApiResult<Item<Undo>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// List what an undo does to each record.
    ///
    /// Those with a `conflict` stay as they are, and so do fields with one.
    #[oai(path = "/undos/:id/records", method = "get", operation_id = "undos_records_list")]
    async fn records(
        &self,
        caller: Can<AuditRead>,
        id: Path<UndoId>,
        /// The order; by resource where it is left out.
        sort: Query<Option<UndoRecordSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<UndoRecord>>> {
        let ground = Ground::of(&caller).await?;
        let sort = sort.0.unwrap_or(UndoRecordSort::Resource);
        let paging = Paging::new(&caller, "undo_records", sort, limit.0, cursor.0)?;
        let read = caller.read_all(async |tx| {
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::records_of(id.0, ground.hidden(), paging)).await?)
        });
        read.await.map(Answer)
    }

    /// Apply an undo.
    ///
    /// All of what the preview showed, in one transaction, or nothing. It takes every permission to do the same by hand.
    /// Where a record has changed since the preview it answers 409 `undo_outdated`, and names it. The changes are in the audit
    /// as `audit_undo`, raise events, and can be undone in turn.
    #[oai(path = "/undos/:id/apply", method = "post", operation_id = "audit_undo")]
    async fn apply(
        &self,
        caller: Can<AuditUndo>,
        id: Path<UndoId>,
        body: Body<UndoApplication>,
    ) -> ApiResult<Item<Undo>> {
        let ground = Ground::of(&caller).await?;
        let applied = async |tx: &mut _| apply::apply(tx, &caller, &ground, id.0, body.0.conflicts).await;
        caller.transaction(applied).await.map(Item)
    }
}

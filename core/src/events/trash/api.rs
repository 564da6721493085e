//! The operations on the trash.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Restored, TrashItem, TrashSort, restore, store};
use crate::events::audit::EntryId;
use crate::events::undo::Ground;
use crate::events::{TrashRead, TrashWrite};
use crate::http::{Answer, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;
use crate::value::Text;

/// The trash.
#[derive(Default)]
pub struct TrashApi;

#[OpenApi(tag = "Tag::Events")]
impl TrashApi {
    /// List what was deleted.
    ///
    /// In the last 30 days, by anybody, of those records that the caller could see before, and that are not back. What went
    /// because of another record is counted there and not listed by itself.
    #[oai(path = "/trash", method = "get", operation_id = "trash_list")]
    async fn list(
        &self,
        caller: Can<TrashRead>,
        /// Only records of this kind: `contacts`, …
        resource: Query<Option<Text<60>>>,
        /// The order; what was deleted last first where it is left out.
        sort: Query<Option<TrashSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<TrashItem>>> {
        let sort = sort.0.unwrap_or(TrashSort::DeletedAtDesc);
        let paging = Paging::new(&caller, "trash", sort, limit.0, cursor.0)?;
        let ground = Ground::of(&caller).await?;
        let page = caller.read_all(async |tx| {
            let page = tx.run(store::list(caller.reach(), &ground, resource.0, paging)).await?;
            let mut went = match page.items.iter().map(|deletion| deletion.id.as_uuid()).collect::<Vec<_>>() {
                none if none.is_empty() => Default::default(),
                some => tx.run(store::went_with(some, &ground)).await?,
            };
            Ok(page.map(|deletion| {
                let count = went.remove(&deletion.id.as_uuid()).unwrap_or_default();
                deletion.item(count)
            }))
        });
        page.await.map(Answer)
    }

    /// Restore a deleted record.
    ///
    /// With the id and the owner that it had, and with what went or lost its link because of it, in one transaction. It takes
    /// the permission to write such records by hand. Its version goes on, so an ETag from before does not match. Where a record
    /// that it refers to is gone, or a value that no two may share is taken, the answer is 409 and says which.
    #[oai(path = "/trash/:id/restore", method = "post", operation_id = "trash_restore")]
    async fn restore(&self, caller: Can<TrashWrite>, id: Path<EntryId>) -> ApiResult<Answer<Restored>> {
        let ground = Ground::of(&caller).await?;
        caller.transaction(async |tx| restore::restore(tx, &caller, &ground, id.0).await).await.map(Answer)
    }
}

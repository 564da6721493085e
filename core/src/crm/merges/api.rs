//! The operations on merges.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::work::{Work, first, value};
use super::{Merge, MergePreview, NewMerge, Unmerged, store, undo};
use crate::crm::MergesWrite;
use crate::events::Ground;
use crate::events::audit::EntryId;
use crate::http::{Answer, ApiResult, Body, Can, Made};
use crate::module::Tag;

/// Merges.
#[derive(Default)]
pub struct MergesApi;

#[OpenApi(tag = "Tag::Contacts")]
impl MergesApi {
    /// Preview a merge.
    ///
    /// What the kept record would become, which records would refer to it, and what stands in the way. Nothing is changed.
    #[oai(path = "/merges/preview", method = "post", operation_id = "merges_preview")]
    async fn preview(&self, caller: Can<MergesWrite>, body: Body<NewMerge>) -> ApiResult<Answer<MergePreview>> {
        let new = body.0.checked()?;
        let ground = Ground::of(&caller).await?;
        let looked = caller.read_all(async |tx| Work::look(tx, &caller, &ground, &new, true).await).await?;
        Ok(Answer(MergePreview {
            fields: looked.fields(),
            moved: looked.moved(&ground),
            conflicts: looked.conflicts(&ground),
            versions: looked.versions,
        }))
    }

    /// Merge records into one.
    ///
    /// Empty fields of the kept record are filled, its lists united, and every record of any module that refers to a merged one
    /// refers to the kept one, whoever owns it; then the merged ones are deleted, all in one transaction. It takes the permission to
    /// write such records, and a role that reaches all of them. Where records can refer to one only and more than one do, as patients
    /// do to contacts, the answer is 409 and says which. Positions that the kept one has already go with the merged ones.
    #[oai(path = "/merges", method = "post", operation_id = "merges_create")]
    async fn create(&self, caller: Can<MergesWrite>, body: Body<NewMerge>) -> ApiResult<Made<Merge>> {
        let new = body.0.checked()?;
        let ground = Ground::of(&caller).await?;
        let merged = caller.transaction(async |tx| {
            let work = Work::look(tx, &caller, &ground, &new, false).await?;
            let (kind, table, moved) = (work.kind, work.table, work.moved(&ground));
            let woven = value(work.due(&ground)?);
            for link in &work.links {
                tx.run(link.point(new.keep, &new.merge)).await?;
            }
            tx.run(store::merge(kind, table, ground.tables(), new.keep, new.merge.clone(), woven)).await?;
            let (id,) = tx.run(store::entry(kind.source.resource, first(&new.merge)?)).await?;
            Ok(Merge { id, resource: new.resource, keep: new.keep, merged: new.merge.clone(), moved })
        });
        merged.await.map(Made)
    }

    /// Undo a merge.
    ///
    /// All of it, in one transaction: the merged records are back, and what was pointed to the kept one points to them again. It
    /// takes what merging takes. Where somebody has changed any of it since, the answer is 409 and names the records, and nothing
    /// is done. Possible for 30 days.
    #[oai(path = "/merges/:id/undo", method = "post", operation_id = "merges_undo")]
    async fn undo(&self, caller: Can<MergesWrite>, id: Path<EntryId>) -> ApiResult<Answer<Unmerged>> {
        let ground = Ground::of(&caller).await?;
        caller.transaction(async |tx| undo::undo(tx, &caller, &ground, id.0).await).await.map(Answer)
    }
}

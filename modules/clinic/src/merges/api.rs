//! The operations on merges of patients.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Criteria, Item, Page};

use super::work::{self, Pair};
use super::{MergeTarget, PatientMerge, PatientMergeFields, PatientMergeId, PatientMergePreview, seen_by, store};
use crate::patients::{self, PatientId};
use crate::{PatientMergesRead, PatientsMerge, Tag};

/// Merges of patients.
#[derive(Default)]
pub struct MergesApi;

#[OpenApi(tag = "Tag::Patients")]
impl MergesApi {
    /// Preview a merge of patients.
    ///
    /// Both patients, and what would be moved from the one to the other. What stands in the way of the merge is the answer here too.
    /// Nothing is changed.
    #[oai(path = "/clinic/patients/:id/merge-preview", method = "post", operation_id = "patients_merge_preview")]
    async fn preview(
        &self,
        caller: Can<PatientsMerge>,
        id: Path<PatientId>,
        body: Body<MergeTarget>,
    ) -> ApiResult<Answer<PatientMergePreview>> {
        let into = body.0.into;
        let looked = caller.transaction(async |tx| {
            let from = tx.run(patients::find(caller.reach(), id.0)).await?;
            let kept = tx.run(patients::find(caller.reach(), into)).await?;
            let pair = Pair::of(from.into_iter().chain(kept).collect(), id.0, into)?.checked()?;
            work::expect_apart(tx, id.0, into).await?;
            let moved = work::count(tx, &pair).await?;
            Ok((pair, moved))
        });
        let (pair, moved) = looked.await?;
        let moved = seen_by(&caller, moved.into_iter());
        Ok(Answer(PatientMergePreview { from: pair.from, into: pair.into, moved }))
    }

    /// Merge a patient into another.
    ///
    /// Not where both have an appointment to come at the same time: 409 `appointments_overlap`.
    ///
    /// Whatever refers to the one refers to the other since, in one transaction; only the log of who read a chart stays with the record
    /// that was read, and so does what the other one has already: a person of the care team, an allergy. The merged patient stays,
    /// names the other in `merged_into`, and takes no changes (409 `patient_merged`). A patient who was merged into the same one already
    /// stays as it is. Who treats one of them and not the other has somebody else merge them (403 `not_yourself`).
    #[oai(path = "/clinic/patients/:id/merge", method = "post", operation_id = "patients_merge")]
    async fn merge(
        &self,
        caller: Can<PatientsMerge>,
        id: Path<PatientId>,
        body: Body<MergeTarget>,
    ) -> ApiResult<Item<PatientMerge>> {
        let both = (id.0, body.0.into);
        let merged = caller.transaction(async |tx| work::merge(tx, caller.reach(), both, caller.user()).await).await?;
        Ok(Item(merged.seen_by(&caller)))
    }

    /// List merges of patients.
    #[oai(path = "/clinic/patient-merges", method = "get", operation_id = "patient_merges_list")]
    async fn list(
        &self,
        caller: Can<PatientMergesRead>,
        criteria: Criteria<PatientMergeFields>,
    ) -> ApiResult<Answer<Page<PatientMerge>>> {
        let mut page = caller.read(criteria.page(&caller, store::list(caller.reach()))?).await?;
        page.items = page.items.into_iter().map(|merge| merge.seen_by(&caller)).collect();
        Ok(Answer(page))
    }

    /// Show a merge of patients.
    #[oai(path = "/clinic/patient-merges/:id", method = "get", operation_id = "patient_merges_get")]
    async fn get(&self, caller: Can<PatientMergesRead>, id: Path<PatientMergeId>) -> ApiResult<Item<PatientMerge>> {
        let merge = caller.read(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
        Ok(Item(merge.seen_by(&caller)))
    }

    /// Undo a merge of patients.
    ///
    /// Exactly what was moved is moved back; what was added since stays with the kept patient. Where that one was merged further, that
    /// merge is undone first (409 `merged_further`). One that is undone already stays as it is.
    #[oai(path = "/clinic/patient-merges/:id/undo", method = "post", operation_id = "patient_merges_undo")]
    async fn undo(&self, caller: Can<PatientsMerge>, id: Path<PatientMergeId>) -> ApiResult<Item<PatientMerge>> {
        let undone = caller.transaction(async |tx| work::undo(tx, caller.reach(), id.0, caller.user()).await).await?;
        Ok(Item(undone.seen_by(&caller)))
    }
}

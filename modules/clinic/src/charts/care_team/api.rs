//! The operations on care teams.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatchGiven, Page, Versioned,
};

use super::{CareRelation, CareRelationFields, CareRelationId, NewCareRelation, store};
use crate::patients::{self, PatientId};
use crate::{CareTeamRead, CareTeamWrite, Tag};

/// Care teams.
#[derive(Default)]
pub struct CareTeamApi;

#[OpenApi(tag = "Tag::Charts")]
impl CareTeamApi {
    /// List a patient's care team.
    #[oai(path = "/clinic/patients/:id/care-team", method = "get", operation_id = "care_relations_list")]
    async fn list(
        &self,
        caller: Can<CareTeamRead>,
        id: Path<PatientId>,
        criteria: Criteria<CareRelationFields>,
    ) -> ApiResult<Answer<Page<CareRelation>>> {
        let page = criteria.page(&caller, store::list(id.0))?;
        let page = caller.read_all(async |tx| {
            tx.run(patients::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(page).await?)
        });
        page.await.map(Answer)
    }

    /// Take a practitioner into a patient's care team.
    ///
    /// On the days of the relation the practitioner reaches the patient's chart. Nobody takes in themself: a colleague does, or an
    /// emergency access is begun. A practitioner who makes a patient's record is in the care team from the start.
    #[oai(path = "/clinic/patients/:id/care-team", method = "post", operation_id = "care_relations_create")]
    async fn create(
        &self,
        caller: Can<CareTeamWrite>,
        id: Path<PatientId>,
        body: Body<NewCareRelation>,
    ) -> ApiResult<Created<CareRelation>> {
        let new = body.0.checked()?;
        let made = caller.transaction(async |tx| {
            patients::open(tx, caller.reach(), id.0).await?;
            let missing = || ApiError::not_found().at("/practitioner_id", "there is no such record");
            let (active, user) = tx.run(store::practitioner(new.practitioner_id)).await?.ok_or_else(missing)?;
            if user == Some(caller.user()) {
                return Err(ApiError::refused(
                    "not_yourself",
                    "Nobody takes themself into a care team. Have somebody else do it, or begin an emergency access.",
                ));
            }
            if !active {
                let detail = "This practitioner is not active. Choose one who treats patients at this time.";
                return Err(ApiError::conflict("practitioner_not_active", detail));
            }
            Ok(tx.run(store::insert(id.0, new)).await?)
        });
        let record = made.await?;
        Ok(Created::at(&format!("/clinic/patients/{}/care-team", id.0), record.id, record))
    }

    /// Remove a practitioner from a patient's care team.
    ///
    /// From now on the practitioner does not reach the chart. What was read stays in the log of chart reads.
    #[oai(
        path = "/clinic/patients/:id/care-team/:care_relation_id",
        method = "delete",
        operation_id = "care_relations_delete"
    )]
    async fn delete(
        &self,
        caller: Can<CareTeamWrite>,
        id: Path<PatientId>,
        care_relation_id: Path<CareRelationId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let removed = caller.transaction(async |tx| {
            tx.run(patients::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            let relation = tx.run(store::lock(id.0, care_relation_id.0)).await?.ok_or_else(ApiError::not_found)?;
            relation.expect_given(&version)?;
            Ok(tx.run(store::delete(relation.id)).await?)
        });
        removed.await?;
        Ok(Deleted)
    }
}

//! The operations on emergency accesses.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Item, Page};
use tenantry_core::notify::Notice;

use super::{EmergencyAccess, EmergencyAccessFields, EmergencyAccessId, NewEmergencyAccess, NewReview, store};
use crate::charts::access::not_a_practitioner;
use crate::notices::EMERGENCY_ACCESS;
use crate::patients;
use crate::{EmergencyAccessRead, EmergencyAccessReview, EmergencyAccessWrite, Tag};

/// Emergency accesses.
#[derive(Default)]
pub struct EmergencyApi;

#[OpenApi(tag = "Tag::Charts")]
impl EmergencyApi {
    /// List emergency accesses.
    #[oai(path = "/clinic/emergency-accesses", method = "get", operation_id = "emergency_accesses_list")]
    async fn list(
        &self,
        caller: Can<EmergencyAccessRead>,
        /// Only those that somebody has reviewed, or that wait for it.
        reviewed: Query<Option<bool>>,
        criteria: Criteria<EmergencyAccessFields>,
    ) -> ApiResult<Answer<Page<EmergencyAccess>>> {
        caller.read(criteria.page(&caller, store::list(reviewed.0))?).await.map(Answer)
    }

    /// Begin an emergency access.
    ///
    /// For an active practitioner who signed in less than 15 minutes ago, and needs the chart of one patient whom they do not treat.
    /// The chart is open for an hour; each part that is read is in the log of chart reads, the owners of the organization are told,
    /// and somebody else reviews it.
    #[oai(path = "/clinic/emergency-accesses", method = "post", operation_id = "emergency_accesses_create")]
    async fn create(
        &self,
        caller: Can<EmergencyAccessWrite>,
        body: Body<NewEmergencyAccess>,
    ) -> ApiResult<Created<EmergencyAccess>> {
        let new = body.0.checked()?;
        let owners = caller.owners().await?;
        let fresh = caller.expect_fresh_sign_in().await;
        let begun = caller.transaction(async |tx| {
            let missing = || ApiError::not_found().at("/patient_id", "there is no such record");
            // Locked: who asks twice at once waits, and hears that the first has it.
            tx.run(patients::lock(caller.reach(), new.patient_id)).await?.ok_or_else(missing)?;
            let known = tx.run(store::practitioner(caller.user())).await?;
            let (practitioner, name) = known.ok_or_else(not_a_practitioner)?;
            fresh?;
            if tx.run(store::is_running(caller.user(), new.patient_id)).await? {
                let detail = "You have an emergency access to this chart, and its hour is not over. Read the chart.";
                return Err(ApiError::conflict("emergency_access_runs", detail));
            }
            let id = tx.run(store::insert(caller.user(), practitioner, new)).await?;
            let begun = tx.run(store::find(id)).await?.ok_or_else(ApiError::internal)?;
            let notices = owners.into_iter().map(|owner| {
                Notice::new(&EMERGENCY_ACCESS, owner).with("practitioner", &name).with("access", id.to_string())
            });
            tx.run(caller.notify().post_all(notices)).await?;
            Ok(begun)
        });
        let record = begun.await?;
        Ok(Created::at("/clinic/emergency-accesses", record.id, record))
    }

    /// Show an emergency access.
    #[oai(path = "/clinic/emergency-accesses/:id", method = "get", operation_id = "emergency_accesses_get")]
    async fn get(
        &self,
        caller: Can<EmergencyAccessRead>,
        id: Path<EmergencyAccessId>,
    ) -> ApiResult<Item<EmergencyAccess>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Review an emergency access.
    ///
    /// Somebody else than who began it says once whether it was justified. `/clinic/patients/{id}/chart-reads` tells what was read.
    #[oai(path = "/clinic/emergency-accesses/:id/review", method = "post", operation_id = "emergency_accesses_review")]
    async fn review(
        &self,
        caller: Can<EmergencyAccessReview>,
        id: Path<EmergencyAccessId>,
        body: Body<NewReview>,
    ) -> ApiResult<Item<EmergencyAccess>> {
        let reviewed = caller.transaction(async |tx| {
            let access = tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            tx.run(store::review(&access, caller.user(), body.0)).await?;
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::internal)
        });
        reviewed.await.map(Item)
    }
}

//! The operations on requirements.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewRequirement, Requirement, RequirementFields, RequirementId, RequirementPatch, store};
use crate::{RequirementsRead, RequirementsWrite, Tag};

/// Requirements.
#[derive(Default)]
pub struct RequirementsApi;

#[OpenApi(tag = "Tag::Requirements")]
impl RequirementsApi {
    /// List requirements.
    #[oai(path = "/real-estate/requirements", method = "get", operation_id = "requirements_list")]
    async fn list(
        &self,
        caller: Can<RequirementsRead>,
        criteria: Criteria<RequirementFields>,
    ) -> ApiResult<Answer<Page<Requirement>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Write down what a contact looks for.
    #[oai(path = "/real-estate/requirements", method = "post", operation_id = "requirements_create")]
    async fn create(
        &self,
        caller: Can<RequirementsWrite>,
        body: Body<NewRequirement>,
    ) -> ApiResult<Created<Requirement>> {
        let new = body.0.checked()?;
        let record = caller.write(store::insert(caller.reach(), RequirementId::new(), new)).await?;
        Ok(Created::at("/real-estate/requirements", record.id, record))
    }

    /// Show a requirement.
    #[oai(path = "/real-estate/requirements/:id", method = "get", operation_id = "requirements_get")]
    async fn get(&self, caller: Can<RequirementsRead>, id: Path<RequirementId>) -> ApiResult<Item<Requirement>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a requirement.
    #[oai(path = "/real-estate/requirements/:id", method = "patch", operation_id = "requirements_update")]
    async fn update(
        &self,
        caller: Can<RequirementsWrite>,
        id: Path<RequirementId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<RequirementPatch>,
    ) -> ApiResult<Item<Requirement>> {
        let changed = caller.transaction(async |tx| {
            let mut requirement = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            requirement.expect(&version)?;
            body.0.apply(&mut requirement)?;
            Ok(tx.run(store::update(caller.reach(), requirement)).await?)
        });
        changed.await.map(Item)
    }

    /// Delete a requirement, and what was noted of interest in listings.
    #[oai(path = "/real-estate/requirements/:id", method = "delete", operation_id = "requirements_delete")]
    async fn delete(
        &self,
        caller: Can<RequirementsWrite>,
        id: Path<RequirementId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let requirement = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            requirement.expect_given(&version)?;
            Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

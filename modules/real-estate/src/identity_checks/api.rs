//! The operations on identity checks.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{
    IdentityCheck, IdentityCheckFields, IdentityCheckId, IdentityCheckPatch, IdentityCheckStatus, NewIdentityCheck,
    store,
};
use crate::{IdentityChecksRead, IdentityChecksWrite, Tag};

/// Identity checks.
#[derive(Default)]
pub struct IdentityChecksApi;

#[OpenApi(tag = "Tag::IdentityChecks")]
impl IdentityChecksApi {
    /// List identity checks.
    #[oai(path = "/real-estate/identity-checks", method = "get", operation_id = "identity_checks_list")]
    async fn list(
        &self,
        caller: Can<IdentityChecksRead>,
        criteria: Criteria<IdentityCheckFields>,
    ) -> ApiResult<Answer<Page<IdentityCheck>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Begin an identity check of a contact.
    #[oai(path = "/real-estate/identity-checks", method = "post", operation_id = "identity_checks_create")]
    async fn create(
        &self,
        caller: Can<IdentityChecksWrite>,
        body: Body<NewIdentityCheck>,
    ) -> ApiResult<Created<IdentityCheck>> {
        let record = caller.write(store::insert(caller.reach(), IdentityCheckId::new(), body.0)).await?;
        Ok(Created::at("/real-estate/identity-checks", record.id, record))
    }

    /// Show an identity check.
    #[oai(path = "/real-estate/identity-checks/:id", method = "get", operation_id = "identity_checks_get")]
    async fn get(&self, caller: Can<IdentityChecksRead>, id: Path<IdentityCheckId>) -> ApiResult<Item<IdentityCheck>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an identity check.
    ///
    /// Only one that is pending: what was decided stands as it was.
    #[oai(path = "/real-estate/identity-checks/:id", method = "patch", operation_id = "identity_checks_update")]
    async fn update(
        &self,
        caller: Can<IdentityChecksWrite>,
        id: Path<IdentityCheckId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<IdentityCheckPatch>,
    ) -> ApiResult<Item<IdentityCheck>> {
        let changed = caller.transaction(async |tx| {
            let mut check = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            check.expect(&version)?;
            if check.status != IdentityCheckStatus::Pending {
                return Err(decided());
            }
            body.0.apply(&mut check);
            Ok(tx.run(store::update(caller.reach(), check)).await?)
        });
        changed.await.map(Item)
    }

    /// Note that an identity check was passed.
    ///
    /// One that was passed already stays as it is; one that has failed is followed by another one.
    #[oai(path = "/real-estate/identity-checks/:id/pass", method = "post", operation_id = "identity_checks_pass")]
    async fn pass(
        &self,
        caller: Can<IdentityChecksWrite>,
        id: Path<IdentityCheckId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<IdentityCheck>> {
        decide(&caller, id.0, version, IdentityCheckStatus::Passed).await
    }

    /// Note that an identity check has failed.
    ///
    /// One that has failed already stays as it is; one that was passed is followed by another one.
    #[oai(path = "/real-estate/identity-checks/:id/fail", method = "post", operation_id = "identity_checks_fail")]
    async fn fail(
        &self,
        caller: Can<IdentityChecksWrite>,
        id: Path<IdentityCheckId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<IdentityCheck>> {
        decide(&caller, id.0, version, IdentityCheckStatus::Failed).await
    }
}

async fn decide(
    caller: &Can<IdentityChecksWrite>,
    id: IdentityCheckId,
    version: IfMatchGiven,
    status: IdentityCheckStatus,
) -> ApiResult<Item<IdentityCheck>> {
    let done = caller.transaction(async |tx| {
        let check = tx.run(store::lock(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
        check.expect_given(&version)?;
        match check.status {
            same if same == status => Ok(check),
            IdentityCheckStatus::Pending => Ok(tx.run(store::decide(caller.reach(), id, status)).await?),
            IdentityCheckStatus::Passed | IdentityCheckStatus::Failed => Err(decided()),
        }
    });
    done.await.map(Item)
}

fn decided() -> ApiError {
    ApiError::conflict("check_is_decided", "This check was decided. Begin another one: the last one counts.")
}

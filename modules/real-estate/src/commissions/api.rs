//! The operations on commissions.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::terms::{CommissionPatch, NewCommission, people, strangers};
use super::{Commission, CommissionFields, CommissionId, CommissionStatus, store};
use crate::{CommissionsRead, CommissionsWrite, Tag};

/// Commissions.
#[derive(Default)]
pub struct CommissionsApi;

#[OpenApi(tag = "Tag::Commissions")]
impl CommissionsApi {
    /// List commissions.
    #[oai(path = "/real-estate/commissions", method = "get", operation_id = "commissions_list")]
    async fn list(
        &self,
        caller: Can<CommissionsRead>,
        criteria: Criteria<CommissionFields>,
    ) -> ApiResult<Answer<Page<Commission>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a commission.
    ///
    /// It is due once a progression of its listing is completed.
    #[oai(path = "/real-estate/commissions", method = "post", operation_id = "commissions_create")]
    async fn create(&self, caller: Can<CommissionsWrite>, body: Body<NewCommission>) -> ApiResult<Created<Commission>> {
        let members = caller.members(people(&body.0.splits)).await?;
        let record = caller.transaction(async |tx| {
            let splits = body.0.splits.clone();
            let amount = body.0.checked()?;
            let record = tx.run(store::insert(CommissionId::new(), body.0, amount)).await?;
            strangers(&splits, &members)?;
            Ok(record)
        });
        let record = record.await?;
        Ok(Created::at("/real-estate/commissions", record.id, record))
    }

    /// Show a commission.
    #[oai(path = "/real-estate/commissions/:id", method = "get", operation_id = "commissions_get")]
    async fn get(&self, caller: Can<CommissionsRead>, id: Path<CommissionId>) -> ApiResult<Item<Commission>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a commission that is not earned yet.
    #[oai(path = "/real-estate/commissions/:id", method = "patch", operation_id = "commissions_update")]
    async fn update(
        &self,
        caller: Can<CommissionsWrite>,
        id: Path<CommissionId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<CommissionPatch>,
    ) -> ApiResult<Item<Commission>> {
        let splits = body.0.splits.clone().given();
        let members = match &splits {
            Some(splits) => caller.members(people(splits)).await?,
            None => Vec::new(),
        };
        let record = caller.transaction(async |tx| {
            let mut commission = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            commission.expect(&version)?;
            commission.is_agreed_on()?;
            if let Some(splits) = &splits {
                strangers(splits, &members)?;
            }
            body.0.apply_checked(&mut commission)?;
            Ok(tx.run(store::update(commission)).await?)
        });
        record.await.map(Item)
    }

    /// Note that a commission is paid.
    ///
    /// One that is due. One that is paid stays as it is.
    #[oai(path = "/real-estate/commissions/:id/pay", method = "post", operation_id = "commissions_pay")]
    async fn pay(&self, caller: Can<CommissionsWrite>, id: Path<CommissionId>) -> ApiResult<Item<Commission>> {
        let paid = caller.transaction(async |tx| {
            let commission = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            match commission.status {
                CommissionStatus::Paid => Ok(commission),
                CommissionStatus::Due => Ok(tx.run(store::set_status(id.0, CommissionStatus::Paid)).await?),
                CommissionStatus::Draft => {
                    let detail = "Nobody has earned this commission yet. It is due once the sale is completed.";
                    Err(ApiError::conflict("commission_not_due", detail))
                }
            }
        });
        paid.await.map(Item)
    }

    /// Delete a commission that is not earned yet.
    #[oai(path = "/real-estate/commissions/:id", method = "delete", operation_id = "commissions_delete")]
    async fn delete(
        &self,
        caller: Can<CommissionsWrite>,
        id: Path<CommissionId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let commission = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            commission.expect_given(&version)?;
            commission.is_agreed_on()?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }
}

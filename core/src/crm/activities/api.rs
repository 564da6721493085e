//! The operations on activities.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{Activity, ActivityFields, ActivityId, ActivityPatch, NewActivity, store};
use crate::crm::{ActivitiesRead, ActivitiesWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};
use crate::module::Tag;

/// Activities.
#[derive(Default)]
pub struct ActivitiesApi;

#[OpenApi(tag = "Tag::Activities")]
impl ActivitiesApi {
    /// List activities.
    #[oai(path = "/activities", method = "get", operation_id = "activities_list")]
    async fn list(
        &self,
        caller: Can<ActivitiesRead>,
        criteria: Criteria<ActivityFields>,
    ) -> ApiResult<Answer<Page<Activity>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Write down an activity.
    ///
    /// It is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/activities", method = "post", operation_id = "activities_create")]
    async fn create(&self, caller: Can<ActivitiesWrite>, body: Body<NewActivity>) -> ApiResult<Created<Activity>> {
        let record = caller.write(store::insert(caller.reach(), ActivityId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/activities", record.id, record))
    }

    /// Show an activity.
    #[oai(path = "/activities/:id", method = "get", operation_id = "activities_get")]
    async fn get(&self, caller: Can<ActivitiesRead>, id: Path<ActivityId>) -> ApiResult<Item<Activity>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an activity.
    #[oai(path = "/activities/:id", method = "patch", operation_id = "activities_update")]
    async fn update(
        &self,
        caller: Can<ActivitiesWrite>,
        id: Path<ActivityId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ActivityPatch>,
    ) -> ApiResult<Item<Activity>> {
        let record = caller
            .transaction(async |tx| {
                let mut activity = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                activity.expect(&version)?;
                body.0.apply(&mut activity)?;
                Ok(tx.run(store::update(caller.reach(), activity)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete an activity.
    #[oai(path = "/activities/:id", method = "delete", operation_id = "activities_delete")]
    async fn delete(
        &self,
        caller: Can<ActivitiesWrite>,
        id: Path<ActivityId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let activity = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                activity.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

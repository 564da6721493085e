//! The operations on resources.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{NewResource, Resource, ResourceFields, ResourceId, ResourcePatch, store};
use crate::calendar::{CalendarRead, CalendarWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};
use crate::identity::UserId;
use crate::module::Tag;
use crate::notify::time_zone;

/// Resources.
#[derive(Default)]
pub struct ResourcesApi;

#[OpenApi(tag = "Tag::Calendar")]
impl ResourcesApi {
    /// List resources.
    #[oai(path = "/calendar/resources", method = "get", operation_id = "calendar_resources_list")]
    async fn list(
        &self,
        caller: Can<CalendarRead>,
        criteria: Criteria<ResourceFields>,
    ) -> ApiResult<Answer<Page<Resource>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a resource.
    #[oai(path = "/calendar/resources", method = "post", operation_id = "calendar_resources_create")]
    async fn create(&self, caller: Can<CalendarWrite>, body: Body<NewResource>) -> ApiResult<Created<Resource>> {
        let new = body.0.checked()?;
        let known = is_member(&caller, new.user_id).await?;
        let id = ResourceId::new();
        let made = caller.transaction(async |tx| {
            let zone = tx.run(time_zone()).await?;
            known.ok_or_else(no_such_member)?;
            Ok(tx.run(store::insert(id, new, zone, None)).await?)
        });
        Ok(Created::at("/calendar/resources", id, made.await?))
    }

    /// Show a resource.
    #[oai(path = "/calendar/resources/:id", method = "get", operation_id = "calendar_resources_get")]
    async fn get(&self, caller: Can<CalendarRead>, id: Path<ResourceId>) -> ApiResult<Item<Resource>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a resource.
    ///
    /// Bookings that stand already stay. Of what a module has made, only its hours, its time zone and whether it can be booked are
    /// changed here.
    #[oai(path = "/calendar/resources/:id", method = "patch", operation_id = "calendar_resources_update")]
    async fn update(
        &self,
        caller: Can<CalendarWrite>,
        id: Path<ResourceId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ResourcePatch>,
    ) -> ApiResult<Item<Resource>> {
        let known = is_member(&caller, body.0.user_id.value().copied()).await?;
        let changed = caller.transaction(async |tx| {
            let mut resource = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            resource.expect(&version)?;
            if resource.module.is_some() && body.0.is_of_module() {
                return Err(of_module());
            }
            known.ok_or_else(no_such_member)?;
            body.0.apply(&mut resource)?;
            Ok(tx.run(store::update(resource)).await?)
        });
        changed.await.map(Item)
    }

    /// Delete a resource that was never booked.
    #[oai(path = "/calendar/resources/:id", method = "delete", operation_id = "calendar_resources_delete")]
    async fn delete(
        &self,
        caller: Can<CalendarWrite>,
        id: Path<ResourceId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let resource = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            resource.expect_given(&version)?;
            if resource.module.is_some() {
                return Err(of_module());
            }
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }
}

/// Whether a person is a member, where one is named. It is answered inside of a transaction.
async fn is_member<P>(caller: &Can<P>, user: Option<UserId>) -> ApiResult<Option<()>> {
    match user {
        Some(user) => Ok(caller.is_member(user).await?.then_some(())),
        None => Ok(Some(())),
    }
}

fn no_such_member() -> ApiError {
    ApiError::not_found().at("/user_id", "there is no such member")
}

fn of_module() -> ApiError {
    ApiError::conflict("of_module", "A module looks after this. Change it there.")
}

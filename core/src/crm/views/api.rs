//! The operations on views.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{NewView, View, ViewFields, ViewId, ViewPatch, store};
use crate::crm::{ViewsManage, ViewsRead, ViewsWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Caller, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page,
    Versioned,
};
use crate::identity::UserId;
use crate::module::Tag;
use crate::permission::Permission as _;

/// Saved views.
#[derive(Default)]
pub struct ViewsApi;

#[OpenApi(tag = "Tag::Views")]
impl ViewsApi {
    /// List views.
    ///
    /// One's own, and those that others share.
    #[oai(path = "/views", method = "get", operation_id = "views_list")]
    async fn list(&self, caller: Can<ViewsRead>, criteria: Criteria<ViewFields>) -> ApiResult<Answer<Page<View>>> {
        caller.read(criteria.page(&caller, store::list(me(&caller)))?).await.map(Answer)
    }

    /// Save a view.
    #[oai(path = "/views", method = "post", operation_id = "views_create")]
    async fn create(&self, caller: Can<ViewsWrite>, body: Body<NewView>) -> ApiResult<Created<View>> {
        let record = caller.write(store::insert(me(&caller), ViewId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/views", record.id, record))
    }

    /// Show a view.
    #[oai(path = "/views/:id", method = "get", operation_id = "views_get")]
    async fn get(&self, caller: Can<ViewsRead>, id: Path<ViewId>) -> ApiResult<Item<View>> {
        caller.read(store::find(me(&caller), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a view.
    ///
    /// One that somebody else shares is changed by whoever may `views.manage`.
    #[oai(path = "/views/:id", method = "patch", operation_id = "views_update")]
    async fn update(
        &self,
        caller: Can<ViewsWrite>,
        id: Path<ViewId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ViewPatch>,
    ) -> ApiResult<Item<View>> {
        let record = caller
            .transaction(async |tx| {
                let mut view = tx.run(store::lock(me(&caller), id.0)).await?.ok_or_else(ApiError::not_found)?;
                may_change(&caller, &view)?;
                view.expect(&version)?;
                body.0.apply(&mut view)?;
                Ok(tx.run(store::update(view)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a view.
    ///
    /// One that somebody else shares is deleted by whoever may `views.manage`.
    #[oai(path = "/views/:id", method = "delete", operation_id = "views_delete")]
    async fn delete(
        &self,
        caller: Can<ViewsWrite>,
        id: Path<ViewId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let view = tx.run(store::lock(me(&caller), id.0)).await?.ok_or_else(ApiError::not_found)?;
                may_change(&caller, &view)?;
                view.expect_given(&version)?;
                Ok(tx.run(store::delete(id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

fn me(caller: &Caller) -> UserId {
    UserId::from(caller.user())
}

fn may_change(caller: &Caller, view: &View) -> ApiResult<()> {
    if view.user_id == Some(me(caller)) || caller.allows(&ViewsManage::INFO) {
        Ok(())
    } else {
        Err(ApiError::forbidden(&ViewsManage::INFO))
    }
}

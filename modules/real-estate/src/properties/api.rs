//! The operations on properties.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};

use super::{NewProperty, Property, PropertyFields, PropertyId, PropertyPatch, store};
use crate::{PropertiesRead, PropertiesWrite, Tag};

/// Properties.
#[derive(Default)]
pub struct PropertiesApi;

#[OpenApi(tag = "Tag::Properties")]
impl PropertiesApi {
    /// List properties.
    #[oai(path = "/real-estate/properties", method = "get", operation_id = "properties_list")]
    async fn list(
        &self,
        caller: Can<PropertiesRead>,
        criteria: Criteria<PropertyFields>,
    ) -> ApiResult<Answer<Page<Property>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a property.
    #[oai(path = "/real-estate/properties", method = "post", operation_id = "properties_create")]
    async fn create(&self, caller: Can<PropertiesWrite>, body: Body<NewProperty>) -> ApiResult<Created<Property>> {
        let record = caller.write(store::insert(PropertyId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/real-estate/properties", record.id, record))
    }

    /// Show a property.
    #[oai(path = "/real-estate/properties/:id", method = "get", operation_id = "properties_get")]
    async fn get(&self, caller: Can<PropertiesRead>, id: Path<PropertyId>) -> ApiResult<Item<Property>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a property.
    #[oai(path = "/real-estate/properties/:id", method = "patch", operation_id = "properties_update")]
    async fn update(
        &self,
        caller: Can<PropertiesWrite>,
        id: Path<PropertyId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<PropertyPatch>,
    ) -> ApiResult<Item<Property>> {
        let record = caller
            .transaction(async |tx| {
                let mut property = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                property.expect(&version)?;
                body.0.apply(&mut property)?;
                Ok(tx.run(store::update(property)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a property.
    #[oai(path = "/real-estate/properties/:id", method = "delete", operation_id = "properties_delete")]
    async fn delete(
        &self,
        caller: Can<PropertiesWrite>,
        id: Path<PropertyId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let property = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                property.expect_given(&version)?;
                Ok(tx.run(store::delete(id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

//! The operations on properties.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use tenantry_core::value::Amount;

use super::{NewProperty, Property, PropertyId, PropertyPatch, PropertySort, PropertyStatus, PropertyType, store};
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
        /// Only of this kind.
        #[oai(name = "type")]
        kind: Query<Option<PropertyType>>,
        /// Only with this status.
        status: Query<Option<PropertyStatus>>,
        /// Only from this price.
        price_min: Query<Option<Amount>>,
        /// Only up to this price.
        price_max: Query<Option<Amount>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<PropertySort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Property>>> {
        let filter = store::Filter { kind: kind.0, status: status.0, price_min: price_min.0, price_max: price_max.0 };
        let sort = sort.0.unwrap_or(PropertySort::CreatedAtDesc);
        let paging = Paging::new(&caller, "properties", sort, limit.0, cursor.0)?;
        caller.read(store::list(filter, paging)).await.map(Answer)
    }

    /// Create a property.
    #[oai(path = "/real-estate/properties", method = "post", operation_id = "properties_create")]
    async fn create(&self, caller: Can<PropertiesWrite>, body: Body<NewProperty>) -> ApiResult<Created<Property>> {
        let record = caller.write(store::insert(PropertyId::new(), body.0)).await?;
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
                body.0.apply(&mut property);
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

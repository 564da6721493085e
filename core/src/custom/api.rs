//! The operations on fields of an organization's own.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{CustomField, CustomFieldFields, CustomFieldId, CustomFieldPatch, NewCustomField, store};
use crate::crm::{CustomFieldsRead, CustomFieldsWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Versioned,
};
use crate::module::Tag;

/// Fields of an organization's own.
#[derive(Default)]
pub struct CustomFieldsApi;

#[OpenApi(tag = "Tag::Organization")]
impl CustomFieldsApi {
    /// List the organization's own fields.
    #[oai(path = "/custom-fields", method = "get", operation_id = "custom_fields_list")]
    async fn list(
        &self,
        caller: Can<CustomFieldsRead>,
        criteria: Criteria<CustomFieldFields>,
    ) -> ApiResult<Answer<Page<CustomField>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a field of the organization's own.
    ///
    /// Records of its resource have it at once, in `custom`; lists of them can be filtered and sorted by it, as
    /// `GET /organization/openapi.json` says. Fields that are filtered or sorted by get an index a little later, up to 20 of a
    /// resource.
    #[oai(path = "/custom-fields", method = "post", operation_id = "custom_fields_create")]
    async fn create(
        &self,
        caller: Can<CustomFieldsWrite>,
        body: Body<NewCustomField>,
    ) -> ApiResult<Created<CustomField>> {
        let new = body.0.checked()?;
        let (resource, key) = (new.resource, new.key);
        let record = caller
            .transaction(async |tx| {
                let field = tx.run(store::insert(CustomFieldId::new(), new)).await?;
                // Behind the insert, which waits for whoever is just deleting the field with this key.
                if tx.run(store::is_gone(resource, key)).await? {
                    let detail = "Records have values of a deleted field with this key. Restore that field from the trash, or \
                                  choose another key; 30 days after the deletion this one is free.";
                    return Err(ApiError::conflict("key_gone", detail).at("/key", "belongs to a deleted field"));
                }
                Ok(field)
            })
            .await?;
        Ok(Created::at("/custom-fields", record.id, record))
    }

    /// Show a field of the organization's own.
    #[oai(path = "/custom-fields/:id", method = "get", operation_id = "custom_fields_get")]
    async fn get(&self, caller: Can<CustomFieldsRead>, id: Path<CustomFieldId>) -> ApiResult<Item<CustomField>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a field of the organization's own.
    ///
    /// Its key and its type stay what they are.
    #[oai(path = "/custom-fields/:id", method = "patch", operation_id = "custom_fields_update")]
    async fn update(
        &self,
        caller: Can<CustomFieldsWrite>,
        id: Path<CustomFieldId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<CustomFieldPatch>,
    ) -> ApiResult<Item<CustomField>> {
        let record = caller
            .transaction(async |tx| {
                let mut field = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                field.expect(&version)?;
                body.0.apply(&mut field)?;
                Ok(tx.run(store::update(field)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a field of the organization's own.
    ///
    /// Its values are gone with it at once. For 30 days it comes out of the trash with them.
    #[oai(path = "/custom-fields/:id", method = "delete", operation_id = "custom_fields_delete")]
    async fn delete(
        &self,
        caller: Can<CustomFieldsWrite>,
        id: Path<CustomFieldId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let field = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                field.expect_given(&version)?;
                // Who has just written a value holds the field; this waited for that.
                let has_values = tx.run(store::has_values(field.resource, field.key)).await?;
                Ok(tx.run(store::delete(id.0, has_values)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

//! The operations on contacts.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Contact, ContactFields, ContactId, ContactPatch, NewContact, store};
use crate::bulk::{BulkRequest, BulkResults, bulk};
use crate::crm::parts::Assignment;
use crate::crm::{ContactsAssign, ContactsRead, ContactsWrite};
use crate::custom::{self, Customized};
use crate::export::{Export, ExportFormat, export};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Unpaged,
    Versioned,
};
use crate::module::Tag;

/// Contacts.
#[derive(Default)]
pub struct ContactsApi;

#[OpenApi(tag = "Tag::Contacts")]
impl ContactsApi {
    /// List contacts.
    #[oai(path = "/contacts", method = "get", operation_id = "contacts_list")]
    async fn list(
        &self,
        caller: Can<ContactsRead>,
        criteria: Criteria<ContactFields>,
    ) -> ApiResult<Answer<Page<Contact>>> {
        criteria.list(&caller, store::list(caller.reach())).await.map(Answer)
    }

    /// Create a contact.
    ///
    /// It is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/contacts", method = "post", operation_id = "contacts_create")]
    async fn create(&self, caller: Can<ContactsWrite>, body: Body<NewContact>) -> ApiResult<Created<Contact>> {
        let (mut new, reach) = (body.0.checked()?, caller.reach());
        let given = std::mem::take(&mut new.custom);
        let insert = |custom| store::insert(reach, ContactId::new(), new, custom);
        let record = custom::insert(&caller, Customized::Contacts, given, insert).await?;
        Ok(Created::at("/contacts", record.id, record))
    }

    /// Create, change and delete many contacts at once.
    ///
    /// Up to 1,000 in one request, each by the rules of the operation on one, in one transaction. With `all_or_nothing`, which is the
    /// default, nothing changes unless every row is good; the problem points at the others, such as `/create/17/email`. With
    /// `per_row` the good ones are done, and the answer tells of each. A `version` is left out where any may be changed.
    #[oai(path = "/contacts/bulk", method = "post", operation_id = "contacts_bulk")]
    async fn bulk(
        &self,
        caller: Can<ContactsWrite>,
        body: Body<BulkRequest<Contact>>,
    ) -> ApiResult<Answer<BulkResults>> {
        bulk(&caller, body.0).await.map(Answer)
    }

    /// Export contacts.
    ///
    /// All that the list would show, as a file that is written as it is read: CSV, or a JSON object a line. It is no picture of one
    /// moment: each record is as it was when it was read. An organization has two exports at once.
    #[oai(path = "/contacts/export", method = "get", operation_id = "contacts_export")]
    async fn export(
        &self,
        caller: Can<ContactsRead>,
        asked: Unpaged<ContactFields>,
        /// How it is written; CSV where it is left out.
        format: Query<Option<ExportFormat>>,
    ) -> ApiResult<Export> {
        export(caller, store::list, asked, format.0).await
    }

    /// Show a contact.
    #[oai(path = "/contacts/:id", method = "get", operation_id = "contacts_get")]
    async fn get(&self, caller: Can<ContactsRead>, id: Path<ContactId>) -> ApiResult<Item<Contact>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a contact.
    ///
    /// What was said about notices to an address does not go over to another one: see `GET /contacts/{id}/consents`.
    #[oai(path = "/contacts/:id", method = "patch", operation_id = "contacts_update")]
    async fn update(
        &self,
        caller: Can<ContactsWrite>,
        id: Path<ContactId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ContactPatch>,
    ) -> ApiResult<Item<Contact>> {
        let record = caller
            .transaction(async |tx| {
                let mut contact = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect(&version)?;
                let given = body.0.apply(&mut contact)?;
                let custom = given.of_old(tx, caller.reach(), Customized::Contacts, "").await?;
                Ok(tx.run(store::update(caller.reach(), contact, custom)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Give a contact to another member.
    ///
    /// It may be out of the caller's reach from then on.
    #[oai(path = "/contacts/:id/owner", method = "put", operation_id = "contacts_assign")]
    async fn assign(
        &self,
        caller: Can<ContactsAssign>,
        id: Path<ContactId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<Assignment>,
    ) -> ApiResult<Item<Contact>> {
        // Who leaves right after this question leaves as the owner, as anybody does.
        let is_member = caller.is_member(body.0.user_id).await?;
        let record = caller
            .transaction(async |tx| {
                let contact = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect(&version)?;
                if !is_member {
                    return Err(ApiError::not_found().at("/user_id", "there is no such member"));
                }
                Ok(tx.run(store::assign(caller.reach(), id.0, body.0.user_id)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a contact.
    #[oai(path = "/contacts/:id", method = "delete", operation_id = "contacts_delete")]
    async fn delete(
        &self,
        caller: Can<ContactsWrite>,
        id: Path<ContactId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let contact = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

//! The operations on contacts.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Contact, ContactId, ContactPatch, ContactSort, NewContact, store};
use crate::crm::{ContactsRead, ContactsWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use crate::module::Tag;
use crate::value::{Email, Text};

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
        /// Looks in names, e-mail, company and phone.
        q: Query<Option<Text<200>>>,
        /// Only with this e-mail address.
        email: Query<Option<Email>>,
        /// Only of this company.
        company: Query<Option<Text<200>>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<ContactSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Contact>>> {
        let filter = store::Filter { q: q.0, email: email.0, company: company.0 };
        let sort = sort.0.unwrap_or(ContactSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "contacts", sort, limit.0, cursor.0)?;
        caller.read(store::list(filter, paging)).await.map(Answer)
    }

    /// Create a contact.
    #[oai(path = "/contacts", method = "post", operation_id = "contacts_create")]
    async fn create(&self, caller: Can<ContactsWrite>, body: Body<NewContact>) -> ApiResult<Created<Contact>> {
        let record = caller.write(store::insert(ContactId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/contacts", record.id, record))
    }

    /// Show a contact.
    #[oai(path = "/contacts/:id", method = "get", operation_id = "contacts_get")]
    async fn get(&self, caller: Can<ContactsRead>, id: Path<ContactId>) -> ApiResult<Item<Contact>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a contact.
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
                let mut contact = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect(&version)?;
                body.0.apply(&mut contact)?;
                Ok(tx.run(store::update(contact)).await?)
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
                let contact = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect_given(&version)?;
                Ok(tx.run(store::delete(id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

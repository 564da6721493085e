//! The operations on contacts.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Assignment, Contact, ContactId, ContactPatch, ContactSort, NewContact, store};
use crate::crm::{ContactsAssign, ContactsRead, ContactsWrite};
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
        caller.read(store::list(caller.reach(), filter, paging)).await.map(Answer)
    }

    /// Create a contact.
    ///
    /// It is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/contacts", method = "post", operation_id = "contacts_create")]
    async fn create(&self, caller: Can<ContactsWrite>, body: Body<NewContact>) -> ApiResult<Created<Contact>> {
        let record = caller.write(store::insert(caller.reach(), ContactId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/contacts", record.id, record))
    }

    /// Show a contact.
    #[oai(path = "/contacts/:id", method = "get", operation_id = "contacts_get")]
    async fn get(&self, caller: Can<ContactsRead>, id: Path<ContactId>) -> ApiResult<Item<Contact>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
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
                let mut contact = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                contact.expect(&version)?;
                body.0.apply(&mut contact)?;
                Ok(tx.run(store::update(caller.reach(), contact)).await?)
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

//! The operations on duplicates.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{DuplicateGroup, DuplicateList, DuplicateReason, DuplicateSort, store};
use crate::crm::ContactsRead;
use crate::crm::contacts::{ContactId, store as contacts};
use crate::http::{Answer, ApiError, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;

/// Duplicates.
#[derive(Default)]
pub struct DuplicatesApi;

#[OpenApi(tag = "Tag::Contacts")]
impl DuplicatesApi {
    /// List contacts that may be the same person.
    ///
    /// Groups of contacts in reach that have the same e-mail address, the same digits in their telephone number, or the same name,
    /// whatever its case. `/contacts/{id}/duplicates` also finds names that are only alike; `/merges` makes one of them.
    #[oai(path = "/contacts/duplicates", method = "get", operation_id = "contacts_duplicates_list")]
    async fn list(
        &self,
        caller: Can<ContactsRead>,
        /// What they have in common; the address for e-mail where it is left out.
        by: Query<Option<DuplicateReason>>,
        /// The order.
        sort: Query<Option<DuplicateSort>>,
        /// Groups a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<DuplicateGroup>>> {
        let by = by.0.unwrap_or(DuplicateReason::Email);
        let list = match by {
            DuplicateReason::Email => "contacts-by-email",
            DuplicateReason::Phone => "contacts-by-phone",
            DuplicateReason::Name => "contacts-by-name",
        };
        let paging = Paging::new(&caller, list, sort.0.unwrap_or(DuplicateSort::Value), limit.0, cursor.0)?;
        let page = paging.page_after(|after, limit| store::groups(caller.reach(), by, after, limit));
        caller.read(page).await.map(Answer)
    }

    /// List contacts that may be the same person as this one.
    ///
    /// Of those in reach: with the same e-mail address, the same digits in their telephone number, the first or a further one, or
    /// with a name that is alike; the likeliest first.
    #[oai(path = "/contacts/:id/duplicates", method = "get", operation_id = "contacts_duplicates_get")]
    async fn of_one(&self, caller: Can<ContactsRead>, id: Path<ContactId>) -> ApiResult<Answer<DuplicateList>> {
        let reach = caller.reach();
        let found = caller.read_all(async |tx| {
            let contact = tx.run(contacts::find(reach, id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::like(reach, &contact)).await?)
        });
        Ok(Answer(DuplicateList { items: found.await? }))
    }
}

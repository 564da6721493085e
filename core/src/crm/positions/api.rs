//! The operations on positions: where a contact works, and who works for a company.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewPosition, Position, PositionSort, store};
use crate::crm::companies::{CompanyId, store as companies};
use crate::crm::contacts::{Contact, ContactId, store as contacts};
use crate::crm::{ContactsRead, ContactsWrite};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Page, Paging};
use crate::module::Tag;
use crate::tenancy::{Reach, TenantTx};

/// Positions.
#[derive(Default)]
pub struct PositionsApi;

#[OpenApi]
impl PositionsApi {
    /// List the companies that a contact works for.
    #[oai(
        path = "/contacts/:id/companies",
        method = "get",
        operation_id = "contacts_companies_list",
        tag = "Tag::Contacts"
    )]
    async fn of_contact(
        &self,
        caller: Can<ContactsRead>,
        id: Path<ContactId>,
        /// The order; oldest first where it is left out.
        sort: Query<Option<PositionSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Position>>> {
        let sort = sort.0.unwrap_or(PositionSort::CreatedAt);
        let paging = Paging::new(&caller, "contact-companies", sort, limit.0, cursor.0)?;
        let listed = caller.read_all(async |tx| {
            tx.run(contacts::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::of_contact(caller.reach(), id.0, paging)).await?)
        });
        listed.await.map(Answer)
    }

    /// Have a contact work for a company.
    ///
    /// Doing it again changes what the contact is there. A contact has at most one company to name first: making one the first
    /// takes that from another, and `primary_company_id` of the contact tells it, with a new version of the contact.
    #[oai(
        path = "/contacts/:id/companies/:company_id",
        method = "put",
        operation_id = "contacts_companies_put",
        tag = "Tag::Contacts"
    )]
    async fn put(
        &self,
        caller: Can<ContactsWrite>,
        id: Path<ContactId>,
        company_id: Path<CompanyId>,
        body: Body<NewPosition>,
    ) -> ApiResult<Answer<Position>> {
        let (reach, company) = (caller.reach(), company_id.0);
        let NewPosition { title, is_primary } = body.0;
        let put = caller.transaction(async |tx| {
            let contact = both(tx, reach, id.0, company).await?;
            let position = match tx.run(store::find(reach, id.0, company)).await? {
                Some(position) => tx.run(store::update(reach, position.id, title)).await?,
                None => tx.run(store::insert(reach, id.0, company, title)).await?,
            };
            name_first(tx, reach, &contact, company, is_primary).await?;
            Ok(Position { is_primary, ..position })
        });
        put.await.map(Answer)
    }

    /// Have a contact work for a company no longer.
    #[oai(
        path = "/contacts/:id/companies/:company_id",
        method = "delete",
        operation_id = "contacts_companies_delete",
        tag = "Tag::Contacts"
    )]
    async fn delete(
        &self,
        caller: Can<ContactsWrite>,
        id: Path<ContactId>,
        company_id: Path<CompanyId>,
    ) -> ApiResult<Deleted> {
        let (reach, company) = (caller.reach(), company_id.0);
        let deleted = caller.transaction(async |tx| {
            let contact = both(tx, reach, id.0, company).await?;
            let position = tx.run(store::find(reach, id.0, company)).await?.ok_or_else(ApiError::not_found)?;
            name_first(tx, reach, &contact, company, false).await?;
            Ok(tx.run(store::delete(reach, position.id)).await?)
        });
        deleted.await?;
        Ok(Deleted)
    }

    /// List the contacts that work for a company.
    ///
    /// Those that the caller reaches.
    #[oai(
        path = "/companies/:id/contacts",
        method = "get",
        operation_id = "companies_contacts_list",
        tag = "Tag::Companies"
    )]
    async fn of_company(
        &self,
        caller: Can<ContactsRead>,
        id: Path<CompanyId>,
        /// The order; oldest first where it is left out.
        sort: Query<Option<PositionSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Position>>> {
        let sort = sort.0.unwrap_or(PositionSort::CreatedAt);
        let paging = Paging::new(&caller, "company-contacts", sort, limit.0, cursor.0)?;
        let listed = caller.read_all(async |tx| {
            tx.run(companies::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::of_company(caller.reach(), id.0, paging)).await?)
        });
        listed.await.map(Answer)
    }
}

/// The contact, locked, so that one position of it is changed at a time; and the company has to be there too.
async fn both(tx: &mut TenantTx, reach: Reach, contact: ContactId, company: CompanyId) -> ApiResult<Contact> {
    let contact = tx.run(contacts::lock(reach, contact)).await?.ok_or_else(ApiError::not_found)?;
    tx.run(companies::find(reach, company)).await?.ok_or_else(ApiError::not_found)?;
    Ok(contact)
}

/// Has the contact name the company first, or not, where that is another thing than it does.
async fn name_first(
    tx: &mut TenantTx,
    reach: Reach,
    contact: &Contact,
    company: CompanyId,
    is_primary: bool,
) -> ApiResult<()> {
    let is_named = contact.primary_company_id == Some(company);
    if is_named != is_primary {
        tx.run(contacts::name_first(reach, contact.id, is_primary.then_some(company))).await?;
    }
    Ok(())
}

//! The operations on duplicates of companies.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{CompanyDuplicateGroup, CompanyDuplicateList, CompanyDuplicateReason, CompanyDuplicateSort, store};
use crate::crm::CompaniesRead;
use crate::crm::companies::{CompanyId, store as companies};
use crate::http::{Answer, ApiError, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;

/// Duplicates of companies.
#[derive(Default)]
pub struct CompanyDuplicatesApi;

#[OpenApi(tag = "Tag::Companies")]
impl CompanyDuplicatesApi {
    /// List companies that may be the same one.
    ///
    /// Groups of companies in reach that have the same e-mail address, the same telephone number, pages on the same host, or the same
    /// name, whatever its case. `/companies/{id}/duplicates` also finds names that are only alike; `/merges` makes one of them.
    #[oai(path = "/companies/duplicates", method = "get", operation_id = "companies_duplicates_list")]
    async fn list(
        &self,
        caller: Can<CompaniesRead>,
        /// What they have in common; the address for e-mail where it is left out.
        by: Query<Option<CompanyDuplicateReason>>,
        /// The order.
        sort: Query<Option<CompanyDuplicateSort>>,
        /// Groups a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<CompanyDuplicateGroup>>> {
        let by = by.0.unwrap_or(CompanyDuplicateReason::Email);
        let list = match by {
            CompanyDuplicateReason::Email => "companies-by-email",
            CompanyDuplicateReason::Phone => "companies-by-phone",
            CompanyDuplicateReason::Website => "companies-by-website",
            CompanyDuplicateReason::Name => "companies-by-name",
        };
        let paging = Paging::new(&caller, list, sort.0.unwrap_or(CompanyDuplicateSort::Value), limit.0, cursor.0)?;
        let page = paging.page_after(|after, limit| store::groups(caller.reach(), by, after, limit));
        caller.read(page).await.map(Answer)
    }

    /// List companies that may be the same as this one.
    ///
    /// Of those in reach: with the same e-mail address, the same telephone number, a page on the same host, or a name that is alike,
    /// the likeliest first.
    #[oai(path = "/companies/:id/duplicates", method = "get", operation_id = "companies_duplicates_get")]
    async fn of_one(&self, caller: Can<CompaniesRead>, id: Path<CompanyId>) -> ApiResult<Answer<CompanyDuplicateList>> {
        let reach = caller.reach();
        let found = caller.read_all(async |tx| {
            let company = tx.run(companies::find(reach, id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::like(reach, company)).await?)
        });
        Ok(Answer(CompanyDuplicateList { items: found.await? }))
    }
}

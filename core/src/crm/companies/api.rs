//! The operations on companies.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Company, CompanyFields, CompanyId, CompanyPatch, NewCompany, store};
use crate::bulk::{BulkRequest, BulkResults, bulk};
use crate::crm::parts::Assignment;
use crate::crm::{CompaniesAssign, CompaniesRead, CompaniesWrite};
use crate::custom::{self, Customized};
use crate::export::{Export, ExportFormat, export};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page, Unpaged,
    Versioned,
};
use crate::module::Tag;

/// Companies.
#[derive(Default)]
pub struct CompaniesApi;

#[OpenApi(tag = "Tag::Companies")]
impl CompaniesApi {
    /// List companies.
    #[oai(path = "/companies", method = "get", operation_id = "companies_list")]
    async fn list(
        &self,
        caller: Can<CompaniesRead>,
        criteria: Criteria<CompanyFields>,
    ) -> ApiResult<Answer<Page<Company>>> {
        criteria.list(&caller, store::list(caller.reach())).await.map(Answer)
    }

    /// Create a company.
    ///
    /// It is the caller's own: an API key makes it for its creator, an operator for nobody.
    #[oai(path = "/companies", method = "post", operation_id = "companies_create")]
    async fn create(&self, caller: Can<CompaniesWrite>, body: Body<NewCompany>) -> ApiResult<Created<Company>> {
        let (mut new, reach) = (body.0, caller.reach());
        let given = std::mem::take(&mut new.custom);
        let insert = |custom| store::insert(reach, CompanyId::new(), new, custom);
        let record = custom::insert(&caller, Customized::Companies, given, insert).await?;
        Ok(Created::at("/companies", record.id, record))
    }

    /// Create, change and delete many companies at once.
    ///
    /// Up to 1,000 in one request, each by the rules of the operation on one, in one transaction. With `all_or_nothing`, which is the
    /// default, nothing changes unless every row is good; the problem points at the others, such as `/create/17/email`. With
    /// `per_row` the good ones are done, and the answer tells of each. A `version` is left out where any may be changed.
    #[oai(path = "/companies/bulk", method = "post", operation_id = "companies_bulk")]
    async fn bulk(
        &self,
        caller: Can<CompaniesWrite>,
        body: Body<BulkRequest<Company>>,
    ) -> ApiResult<Answer<BulkResults>> {
        bulk(&caller, body.0).await.map(Answer)
    }

    /// Export companies.
    ///
    /// All that the list would show, as a file that is written as it is read: CSV, or a JSON object a line. It is no picture of one
    /// moment: each record is as it was when it was read. An organization has two exports at once.
    #[oai(path = "/companies/export", method = "get", operation_id = "companies_export")]
    async fn export(
        &self,
        caller: Can<CompaniesRead>,
        asked: Unpaged<CompanyFields>,
        /// How it is written; CSV where it is left out.
        format: Query<Option<ExportFormat>>,
    ) -> ApiResult<Export> {
        export(caller, store::list, asked, format.0).await
    }

    /// Show a company.
    #[oai(path = "/companies/:id", method = "get", operation_id = "companies_get")]
    async fn get(&self, caller: Can<CompaniesRead>, id: Path<CompanyId>) -> ApiResult<Item<Company>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a company.
    #[oai(path = "/companies/:id", method = "patch", operation_id = "companies_update")]
    async fn update(
        &self,
        caller: Can<CompaniesWrite>,
        id: Path<CompanyId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<CompanyPatch>,
    ) -> ApiResult<Item<Company>> {
        let record = caller
            .transaction(async |tx| {
                let mut company = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                company.expect(&version)?;
                let given = body.0.apply(&mut company);
                let custom = given.of_old(tx, caller.reach(), Customized::Companies, "").await?;
                Ok(tx.run(store::update(caller.reach(), company, custom)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Give a company to another member.
    ///
    /// It may be out of the caller's reach from then on.
    #[oai(path = "/companies/:id/owner", method = "put", operation_id = "companies_assign")]
    async fn assign(
        &self,
        caller: Can<CompaniesAssign>,
        id: Path<CompanyId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<Assignment>,
    ) -> ApiResult<Item<Company>> {
        // Who leaves right after this question leaves as the owner, as anybody does.
        let is_member = caller.is_member(body.0.user_id).await?;
        let record = caller
            .transaction(async |tx| {
                let company = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                company.expect(&version)?;
                if !is_member {
                    return Err(ApiError::not_found().at("/user_id", "there is no such member"));
                }
                Ok(tx.run(store::assign(caller.reach(), id.0, body.0.user_id)).await?)
            })
            .await?;
        Ok(Item(record))
    }

    /// Delete a company.
    ///
    /// The people who work for it stay; their positions there go with it. What else refers to it stays without it.
    #[oai(path = "/companies/:id", method = "delete", operation_id = "companies_delete")]
    async fn delete(
        &self,
        caller: Can<CompaniesWrite>,
        id: Path<CompanyId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                let company = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
                company.expect_given(&version)?;
                Ok(tx.run(store::delete(caller.reach(), id.0)).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

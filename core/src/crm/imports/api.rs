//! The operations on imports.

use http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Import, ImportError, ImportErrorSort, ImportId, ImportSort, NewImport, store, upload};
use crate::crm::{ImportsRead, ImportsWrite};
use crate::custom;
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Item, Limit, Page, Paging, Upload};
use crate::identity::Bearer;
use crate::module::Tag;

/// Imports.
#[derive(Default)]
pub struct ImportsApi;

#[OpenApi(tag = "Tag::Imports")]
impl ImportsApi {
    /// List imports.
    #[oai(path = "/imports", method = "get", operation_id = "imports_list")]
    async fn list(
        &self,
        caller: Can<ImportsRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<ImportSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Import>>> {
        let paging = Paging::new(&caller, "imports", sort.0.unwrap_or(ImportSort::CreatedAtDesc), limit.0, cursor.0)?;
        caller.read(store::list(caller.reach(), paging)).await.map(Answer)
    }

    /// Prepare an import.
    ///
    /// It says what the rows of a file become; the file is sent by `PUT /imports/{id}/file`. It takes the permission to write such
    /// records, which whoever imports has to have until all is done. Imports go after 30 days, and after one where no file came.
    #[oai(path = "/imports", method = "post", operation_id = "imports_create")]
    async fn create(&self, caller: Can<ImportsWrite>, body: Body<NewImport>) -> ApiResult<Created<Import>> {
        if matches!(caller.claims().bearer(), Bearer::Support) {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "member_needed",
                "Not for operators",
                "What is imported belongs to whoever imports it, and an operator owns nothing here. A member has to do it.",
            ));
        }
        let permission = body.0.resource.permission();
        if !caller.allows(permission) {
            return Err(ApiError::forbidden(permission));
        }
        let new = body.0.checked()?;
        let record = caller
            .transaction(async |tx| {
                if new.has_own() {
                    new.defined(&tx.run(custom::fields(new.resource.customized())).await?)?;
                }
                Ok(tx.run(store::insert(caller.reach(), ImportId::new(), new)).await?)
            })
            .await?;
        Ok(Created::at("/imports", record.id, record))
    }

    /// Show an import, and how far it has come.
    #[oai(path = "/imports/:id", method = "get", operation_id = "imports_get")]
    async fn get(&self, caller: Can<ImportsRead>, id: Path<ImportId>) -> ApiResult<Item<Import>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Send the file of an import.
    ///
    /// CSV in UTF-8 with a line of names; its cells are separated by commas, semicolons, tabs or bars, whichever the first line has
    /// most of. Once all of it has arrived, its rows become records by and by, a few thousand in a transaction: see `GET /imports/{id}`.
    /// They are those of whoever prepared the import. What it changes stands in the audit under this request. A file that did not
    /// arrive in full may be sent again.
    #[oai(path = "/imports/:id/file", method = "put", operation_id = "imports_upload")]
    async fn upload(&self, caller: Can<ImportsWrite>, id: Path<ImportId>, file: Upload) -> ApiResult<Item<Import>> {
        upload::receive(&caller, id.0, file).await.map(Item)
    }

    /// List what was wrong with the rows of an import.
    ///
    /// The first 10,000 are kept.
    #[oai(path = "/imports/:id/errors", method = "get", operation_id = "imports_errors")]
    async fn errors(
        &self,
        caller: Can<ImportsRead>,
        id: Path<ImportId>,
        /// The order; first rows first where it is left out.
        sort: Query<Option<ImportErrorSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<ImportError>>> {
        let sort = sort.0.unwrap_or(ImportErrorSort::RowNumber);
        let paging = Paging::new(&caller, "import errors", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            let import = tx.run(store::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::errors(&import, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Stop an import.
    ///
    /// Rows that are records by then stay.
    #[oai(path = "/imports/:id/cancel", method = "post", operation_id = "imports_cancel")]
    async fn cancel(&self, caller: Can<ImportsWrite>, id: Path<ImportId>) -> ApiResult<Item<Import>> {
        let import = caller.transaction(async |tx| {
            let import = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            if import.state.is_over() {
                return Err(ApiError::conflict("import_over", "This import is over. There is nothing to stop."));
            }
            tx.run(store::forget_file(id.0)).await?;
            Ok(tx.run(store::cancel(caller.reach(), id.0, caller.user())).await?)
        });
        import.await.map(Item)
    }
}

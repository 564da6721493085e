//! The operations on documents.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::files::Download;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, FileUpload, IfMatch, IfMatchGiven, Item, Page,
    Versioned,
};

use super::{Document, DocumentFields, DocumentId, DocumentPatch, NewDocument, content, store};
use crate::{DocumentsRead, DocumentsWrite, Tag};

/// Documents.
#[derive(Default)]
pub struct DocumentsApi;

#[OpenApi(tag = "Tag::Documents")]
impl DocumentsApi {
    /// List documents.
    #[oai(path = "/real-estate/documents", method = "get", operation_id = "documents_list")]
    async fn list(
        &self,
        caller: Can<DocumentsRead>,
        criteria: Criteria<DocumentFields>,
    ) -> ApiResult<Answer<Page<Document>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a document.
    ///
    /// It has no content until that is sent: `PUT /real-estate/documents/{id}/content`.
    #[oai(path = "/real-estate/documents", method = "post", operation_id = "documents_create")]
    async fn create(&self, caller: Can<DocumentsWrite>, body: Body<NewDocument>) -> ApiResult<Created<Document>> {
        let record = caller.write(store::insert(DocumentId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/real-estate/documents", record.id, record))
    }

    /// Show a document.
    #[oai(path = "/real-estate/documents/:id", method = "get", operation_id = "documents_get")]
    async fn get(&self, caller: Can<DocumentsRead>, id: Path<DocumentId>) -> ApiResult<Item<Document>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a document.
    #[oai(path = "/real-estate/documents/:id", method = "patch", operation_id = "documents_update")]
    async fn update(
        &self,
        caller: Can<DocumentsWrite>,
        id: Path<DocumentId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<DocumentPatch>,
    ) -> ApiResult<Item<Document>> {
        let record = caller.transaction(async |tx| {
            let mut document = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            document.expect(&version)?;
            body.0.apply(&mut document);
            Ok(tx.run(store::update(document)).await?)
        });
        record.await.map(Item)
    }

    /// Delete a document with its content.
    #[oai(path = "/real-estate/documents/:id", method = "delete", operation_id = "documents_delete")]
    async fn delete(
        &self,
        caller: Can<DocumentsWrite>,
        id: Path<DocumentId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        content::delete(&caller, id.0, &version).await.map(|()| Deleted)
    }

    /// Send the content of a document.
    ///
    /// Up to 25 MiB, of the kind that the header `content-type` says. It takes the place of what the document had; who reads that
    /// meanwhile reads it to its end. A content that did not arrive in full changes nothing.
    #[oai(path = "/real-estate/documents/:id/content", method = "put", operation_id = "documents_content_put")]
    async fn send(
        &self,
        caller: Can<DocumentsWrite>,
        id: Path<DocumentId>,
        content: FileUpload,
    ) -> ApiResult<Item<Document>> {
        content::receive(&caller, id.0, content).await.map(Item)
    }

    /// Read the content of a document.
    ///
    /// As a file to be saved. 404 where it has none yet.
    #[oai(path = "/real-estate/documents/:id/content", method = "get", operation_id = "documents_content_get")]
    async fn content(&self, caller: Can<DocumentsRead>, id: Path<DocumentId>) -> ApiResult<Download> {
        content::send(&caller, id.0).await
    }
}

//! The content of documents: written first, then named by the row; the row first, then deleted. So a row never names what is not
//! there, and what no row names goes at night.

use tenantry_core::files::Download;
use tenantry_core::http::{ApiError, ApiResult, Can, FileUpload, IfMatchGiven, Versioned as _};

use super::{Document, DocumentId, store};
use crate::{DocumentsRead, DocumentsWrite};

/// Takes what arrives as the content of a document.
pub(super) async fn receive(caller: &Can<DocumentsWrite>, id: DocumentId, body: FileUpload) -> ApiResult<Document> {
    // Before anything is written for nothing.
    caller.read(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    let (files, media_type) = (caller.files(), body.media_type);
    let written = files.write(body).await?;
    let file = written.id;
    let kept = caller.transaction(async |tx| {
        let before = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
        Ok((before.file_id, tx.run(store::set_content(id, media_type, written)).await?))
    });
    match kept.await {
        Ok((before, document)) => {
            if let Some(before) = before {
                files.forget(before).await;
            }
            Ok(document)
        }
        Err(error) => {
            // After any other error it may have been kept.
            if error.status().is_client_error() {
                files.forget(file).await;
            }
            Err(error)
        }
    }
}

/// The content of a document, where it has any.
pub(super) async fn send(caller: &Can<DocumentsRead>, id: DocumentId) -> ApiResult<Download> {
    let document = caller.read(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    let (Some(file), Some(media_type), Some(size)) = (document.file_id, document.media_type, document.size) else {
        return Err(ApiError::not_found());
    };
    let content = caller.files().read(file).await?;
    Ok(Download { name: document.name.to_string(), media_type, size, content })
}

/// Deletes a document, and then its content.
pub(super) async fn delete(caller: &Can<DocumentsWrite>, id: DocumentId, version: &IfMatchGiven) -> ApiResult<()> {
    let file = caller.transaction(async |tx| {
        let document = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
        document.expect_given(version)?;
        tx.run(store::delete(id)).await?;
        Ok(document.file_id)
    });
    if let Some(file) = file.await? {
        caller.files().forget(file).await;
    }
    Ok(())
}

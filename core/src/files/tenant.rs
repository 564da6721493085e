//! The files of one organization.

use std::sync::Arc;

use aws_lc_rs::digest;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use time::OffsetDateTime;
use tokio::io::AsyncWriteExt as _;

use super::{Files, FilesError};
use crate::http::{ApiError, FileUpload};
use crate::record_id;
use crate::tenancy::TenantId;

record_id! {
    /// The id of a file, which no other content ever has.
    FileId
}

/// How much is held of a file that arrives: what is larger goes to the store in parts, of which S3 takes none smaller.
const HELD: usize = 5 * 1024 * 1024;

/// The files of one organization. Whatever is named by it is of that one.
pub struct TenantFiles {
    files: Files,
    tenant: TenantId,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub id: FileId,
    /// In bytes.
    pub size: i64,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
}

impl TenantFiles {
    pub(super) fn new(files: Files, tenant: TenantId) -> Self {
        Self { files, tenant }
    }

    fn folder(&self) -> Path {
        Path::from(self.tenant.as_uuid().hyphenated().to_string())
    }

    fn path(&self, id: FileId) -> Path {
        self.folder().join(id.to_string())
    }

    /// Writes what arrives into a new file, which is there once all of it has arrived, or not at all.
    ///
    /// # Errors
    /// Those of the body, such as that it is too large; where the store does not take it.
    pub async fn write(&self, mut body: FileUpload) -> Result<Written, ApiError> {
        let id = FileId::new();
        let store = Arc::clone(self.files.store()?);
        let mut writer = BufWriter::with_capacity(store, self.path(id), HELD);
        match take(&mut writer, &mut body).await {
            Ok((size, sha256)) => Ok(Written { id, size, sha256 }),
            Err(error) => {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a part of a file may be left");
                }
                Err(error)
            }
        }
    }

    /// Reads a file. What breaks off is not whole.
    ///
    /// # Errors
    /// Where the store does not have it.
    pub async fn read(&self, id: FileId) -> Result<BoxStream<'static, std::io::Result<Bytes>>, FilesError> {
        let found = self.files.store()?.get(&self.path(id)).await?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// Deletes files; those that are gone already, too.
    ///
    /// # Errors
    /// Where the store does not do it.
    pub async fn delete(&self, ids: Vec<FileId>) -> Result<(), FilesError> {
        let store = self.files.store()?;
        let paths: Vec<_> = ids.into_iter().map(|id| Ok(self.path(id))).collect();
        let mut deleted = store.delete_stream(stream::iter(paths).boxed());
        while let Some(outcome) = deleted.next().await {
            match outcome {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Deletes a file that no row names any more. Where that fails, the night does it.
    pub async fn forget(&self, id: FileId) {
        if let Err(error) = self.delete(vec![id]).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a file stays until the night");
        }
    }

    /// Files that were written before a time, in batches of up to 500. Nothing where there is no place for files.
    pub fn written_before(&self, time: OffsetDateTime) -> BoxStream<'static, Result<Vec<FileId>, FilesError>> {
        let Ok(store) = self.files.store() else { return stream::empty().boxed() };
        let old = store.list(Some(&self.folder())).try_filter_map(move |object| {
            let is_old = object.last_modified.timestamp() < time.unix_timestamp();
            let id = object.location.filename().and_then(|name| FileId::parse(name).ok());
            std::future::ready(Ok(id.filter(|_| is_old)))
        });
        old.map_err(FilesError::from).try_chunks(500).map_err(|error| error.1).boxed()
    }
}

/// Writes a body on, and gives its size and hash.
async fn take(writer: &mut BufWriter, body: &mut FileUpload) -> Result<(i64, String), ApiError> {
    let (mut size, mut hash) = (0, digest::Context::new(&digest::SHA256));
    while let Some(bytes) = body.next().await? {
        size += i64::try_from(bytes.len()).unwrap_or_default();
        hash.update(&bytes);
        writer.put(bytes).await.map_err(FilesError::from)?;
    }
    if size == 0 {
        return Err(ApiError::malformed("The body is empty. Send the content of the file."));
    }
    writer.shutdown().await.map_err(FilesError::from)?;
    let sha256 = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((size, sha256))
}

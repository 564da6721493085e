//! Files: what organizations keep beside their tables, in a directory or in a bucket.
//!
//! A file is named by its organization's id and an id of its own, both made here, so no name comes from outside. Whoever is in an
//! organization gets a [`TenantFiles`], which names files of that one alone. A file is whole from the moment it is there, and
//! never changes: another content is another file, which a row of the tenant's tables then names in its place. What no row names is
//! deleted at night.
//!
//! - this file: the store; `tenant.rs`: the files of one organization; `kind.rs`: what kinds are taken;
//! - `download.rs`: a file as an answer; `purge.rs`: what is left of organizations that were purged.

mod download;
mod kind;
mod purge;
mod tenant;

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;

pub use download::Download;
pub use kind::MediaType;
pub use tenant::{FileId, TenantFiles, Written};

use crate::config::{BucketConfig, FilesConfig};
use crate::http::ApiError;
use crate::tenancy::{DbError, TenantId};

/// Where files are kept. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Files(Option<Arc<dyn ObjectStore>>);

/// Why a file cannot be had. Its text never leaves the process.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// No place for files is configured.
    #[error("files are kept nowhere: TENANTRY_FILES_DIR or TENANTRY_FILES_S3_BUCKET is not set")]
    Nowhere,
    /// The directory cannot be used.
    #[error("the directory of the files cannot be used")]
    Directory(#[from] std::io::Error),
    /// The store refuses or is not there.
    #[error("the store of the files did not do it")]
    Store(#[from] object_store::Error),
}

impl Files {
    pub(crate) fn new(config: &FilesConfig) -> Result<Self, FilesError> {
        if let Some(bucket) = &config.bucket {
            return Ok(Self(Some(Arc::new(s3(bucket)?))));
        }
        let Some(directory) = &config.directory else { return Ok(Self(None)) };
        std::fs::create_dir_all(directory)?;
        let store = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self(Some(Arc::new(store))))
    }

    /// The files of one organization.
    pub(crate) fn of(&self, tenant: TenantId) -> TenantFiles {
        TenantFiles::new(self.clone(), tenant)
    }

    fn store(&self) -> Result<&Arc<dyn ObjectStore>, FilesError> {
        self.0.as_ref().ok_or(FilesError::Nowhere)
    }
}

fn s3(bucket: &BucketConfig) -> Result<object_store::aws::AmazonS3, object_store::Error> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(&bucket.secret_key);
    if let Some(endpoint) = &bucket.endpoint {
        builder =
            builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(endpoint.scheme() == "http");
    }
    builder.build()
}

impl From<FilesError> for ApiError {
    fn from(error: FilesError) -> Self {
        if matches!(error, FilesError::Nowhere) {
            return Self::new(
                http::StatusCode::SERVICE_UNAVAILABLE,
                "no_file_store",
                "There is no place for files",
                "This installation keeps no files yet. Whoever runs it names a place for them in its configuration.",
            );
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a file could not be kept or read");
        Self::unavailable(std::time::Duration::from_secs(2))
    }
}

/// For work, which is tried again.
impl From<FilesError> for DbError {
    fn from(error: FilesError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_described_by_the_configuration() {
        let bucket = |endpoint: Option<&str>| BucketConfig {
            name: "tenantry".to_owned(),
            region: "eu-central-1".to_owned(),
            endpoint: endpoint.map(|url| url.parse().unwrap()),
            access_key: "a".to_owned(),
            secret_key: "hidden".to_owned(),
        };
        for endpoint in [None, Some("https://s3.example.com"), Some("http://127.0.0.1:9000/")] {
            let store = s3(&bucket(endpoint)).unwrap();
            assert!(store.to_string().contains("tenantry"), "{store}");
            assert!(!format!("{store:?}").contains("hidden"), "a secret can be printed");
        }
    }

    #[test]
    fn without_a_place_there_are_no_files() {
        let files = Files::new(&FilesConfig::default()).unwrap();
        assert_eq!(ApiError::from(files.store().unwrap_err()).code(), "no_file_store");
    }
}

//! A directory for the files of one test.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::tenancy::TenantId;

/// A directory that is gone when the test ends.
pub struct TestFiles(PathBuf);

impl TestFiles {
    pub(super) fn create() -> Self {
        let path = std::env::temp_dir().join(format!("tenantry-files-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).expect("a directory");
        // As the store sees it, without symbolic links.
        Self(path.canonicalize().expect("a directory"))
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.0
    }

    /// Where those of one organization are; there is no such directory before the first.
    pub fn of(&self, tenant: TenantId) -> PathBuf {
        self.0.join(tenant.as_uuid().to_string())
    }

    /// The names of those of one organization.
    pub fn names(&self, tenant: TenantId) -> Vec<String> {
        let Ok(found) = std::fs::read_dir(self.of(tenant)) else { return Vec::new() };
        let mut names: Vec<_> =
            found.map(|file| file.expect("a file").file_name().into_string().expect("a name")).collect();
        names.sort();
        names
    }
}

impl Drop for TestFiles {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

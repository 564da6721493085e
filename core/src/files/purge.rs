//! What is left of organizations that were purged: their files go with the next sweep.

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use uuid::Uuid;

use super::{Files, FilesError};
use crate::platform::PlatformDb;
use crate::sql;
use crate::tenancy::{DbError, statement};

impl Files {
    /// Deletes the files of organizations that were purged. Nothing where there is no place for files.
    pub(crate) async fn purge(&self, db: &PlatformDb) -> Result<(), DbError> {
        let Ok(store) = self.store() else { return Ok(()) };
        let folders = store.list_with_delimiter(None).await.map_err(FilesError::from)?.common_prefixes;
        let tenants: Vec<Uuid> = folders.iter().filter_map(|folder| folder.filename()?.parse().ok()).collect();
        let purged = statement(sql!("SELECT id FROM tenants WHERE id = ANY ($1) AND status = 'purged'"));
        for (tenant,) in db.run(purged.bind(tenants).many::<(Uuid,)>()).await? {
            let folder = Path::from(tenant.hyphenated().to_string());
            let all = store.list(Some(&folder)).map_ok(|object| object.location).boxed();
            store.delete_stream(all).try_for_each(|_| std::future::ready(Ok(()))).await.map_err(FilesError::from)?;
        }
        Ok(())
    }
}

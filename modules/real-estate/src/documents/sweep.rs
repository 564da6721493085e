//! The job that deletes files which no document has: of uploads that broke off, and where deleting did not work out.

use std::collections::HashSet;

use futures_util::StreamExt as _;
use tenantry_core::module::Job;
use tenantry_core::tenancy::DbError;
use tenantry_core::worker::TenantWork;
use time::{Duration, OffsetDateTime};

use super::store;

/// Each night. What is younger than a day may be about to become a document's.
pub(crate) const SWEEP: Job = Job { name: "forget-files", schedule: "40 3 * * *", run: |work| Box::pin(sweep(work)) };

async fn sweep(work: &TenantWork) -> Result<(), DbError> {
    let files = work.files();
    let mut batches = files.written_before(OffsetDateTime::now_utc() - Duration::days(1));
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        let known = work.read(store::known(&batch)).await?;
        let known: HashSet<_> = known.into_iter().map(|(file,)| file).collect();
        files.delete(batch.into_iter().filter(|file| !known.contains(&file.as_uuid())).collect()).await?;
    }
    Ok(())
}

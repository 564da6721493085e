//! The job that notes that patients did not come.

use serde_json::json;
use tenantry_core::module::Job;
use tenantry_core::sql;
use tenantry_core::tenancy::DbError;
use tenantry_core::worker::TenantWork;
use time::{Duration, OffsetDateTime};

use super::{AppointmentStatus, store};

/// Each quarter of an hour.
pub(crate) const MARK_MISSED: Job =
    Job { name: "mark-missed", schedule: "*/15 * * * *", run: |work| Box::pin(mark(work)) };

/// How long after its end an appointment to which nobody came is missed.
const GRACE: Duration = Duration::hours(2);

/// Marks all that nobody came to. Their time has passed, so nothing of it is freed.
async fn mark(work: &TenantWork) -> Result<(), DbError> {
    let marked = work.transaction(async |tx| {
        let missed = tx.run(store::missed(work.reach(), OffsetDateTime::now_utc() - GRACE)).await?;
        let row = |id| json!({ "id": id, "status": AppointmentStatus::NoShow });
        let rows: Vec<_> = missed.into_iter().map(|appointment| row(appointment.id)).collect();
        match rows.is_empty() {
            true => Ok(()),
            false => tx.run(store::set_all(work.reach(), &[sql!("status"), sql!("remind_at")], rows)).await,
        }
    });
    marked.await
}

//! The fleet: bringing every tenant that is behind up to date, a few at a time.

use futures_util::{StreamExt, stream};

use super::error::DbError;
use super::id::TenantId;
use super::tenants::{ProvisionError, Tenants};

/// Tenants that are brought up to date side by side. More does not help: the catalogs are what they wait for.
const WORKERS: usize = 4;

/// Brings the tenants that are behind up to date: a transaction each, so that one that fails is only that one, and
/// a run that is interrupted goes on where it was. `done` hears of each as it ends.
///
/// # Errors
/// Where it cannot be told who is behind. What fails in a tenant is told to `done`.
pub async fn catch_up(
    tenants: &Tenants,
    mut begin: impl FnMut(usize),
    mut done: impl FnMut(TenantId, Result<(), ProvisionError>),
) -> Result<(), DbError> {
    let behind = tenants.behind().await?;
    begin(behind.len());
    let work = stream::iter(behind).map(|tenant| async move { (tenant, tenants.reconcile(tenant).await) });
    let mut work = std::pin::pin!(work.buffer_unordered(WORKERS));
    while let Some((tenant, outcome)) = work.next().await {
        done(tenant, outcome);
    }
    Ok(())
}

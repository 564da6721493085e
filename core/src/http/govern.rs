//! Changing who may do what in an organization: one at a time, and only by who still may.

use super::caller::Can;
use super::problem::ApiError;
use crate::permission::Writes;
use crate::platform::PlatformTx;
use crate::sql;
use crate::tenancy::{DbError, Statement, statement};

impl<P: Writes> Can<P> {
    /// Runs several statements on the schema `platform` as one transaction; it is committed where `work` ends well, and
    /// only then.
    ///
    /// The organization's row is locked first, so that such changes stand in a line, and then the caller's own session is
    /// looked at once more: who was demoted by the change before comes too late.
    ///
    /// # Errors
    /// As those of [`Can::write`], and those of `work`.
    pub(crate) async fn govern<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let governed = self.govern_with(async |tx| {
            tx.run(statement(sql!("SELECT 1 FROM tenants WHERE id = $1 FOR NO KEY UPDATE")).bind(self.tenant()).done())
                .await?;
            match tx.run(self.standing()).await? {
                Some((_, true)) => Err(DbError::SecondFactorMissing.into()),
                Some((status, false)) if status == "active" => work(tx).await,
                Some(_) => Err(DbError::TenantInactive.into()),
                None => Err(DbError::SessionEnded.into()),
            }
        });
        governed.await
    }

    /// The state of the organization, and whether it asks for a second factor in vain, where the caller's session is live and its role unchanged.
    fn standing(&self) -> Statement<Option<(String, bool)>> {
        statement(sql!(
            "SELECT tenant_status, lacks_second_factor FROM sessions WHERE id = $1 AND tenant_id = $2 AND role = $3 ",
            "AND ended_at IS NULL AND expires_at > now()"
        ))
        .bind(self.session())
        .bind(self.tenant())
        .bind(self.role())
        .optional()
    }
}

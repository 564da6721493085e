//! A caller who was let in, for what an organization has in the schema `platform`.

use super::Caller;
use crate::http::ApiError;
use crate::http::once::Guard;
use crate::platform::PlatformTx;
use crate::tenancy::{Statement, Tenants};

/// A caller whose session, role and organization the database has just confirmed.
pub(crate) struct Admitted<'a> {
    caller: &'a Caller,
    guard: Guard,
}

impl<'a> Admitted<'a> {
    pub(super) fn new(caller: &'a Caller, guard: Guard) -> Self {
        Self { caller, guard }
    }

    /// Runs a statement on the schema `platform`.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        match &self.caller.once {
            None => Ok(self.caller.platform.db().run(statement).await?),
            Some(_) => self.transaction(async |tx| Ok(tx.run(statement).await?)).await,
        }
    }

    /// Runs several statements on the schema `platform` as one transaction.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        self.caller.on_platform(self.guard, work).await
    }

    pub(crate) fn tenants(&self) -> &Tenants {
        self.caller.platform.tenants()
    }
}

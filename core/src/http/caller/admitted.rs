//! A caller who was let in, for what an organization has in the schema `platform`.

use super::Caller;
use crate::http::ApiError;
use crate::platform::PlatformTx;
use crate::tenancy::{Statement, Tenants};

/// A caller whose session, role and organization the database has just confirmed.
pub(crate) struct Admitted<'a> {
    caller: &'a Caller,
}

impl<'a> Admitted<'a> {
    pub(super) fn new(caller: &'a Caller) -> Self {
        Self { caller }
    }

    /// Runs a statement on the schema `platform` that only reads.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        Ok(self.caller.platform.db().run(statement).await?)
    }

    /// Runs a statement on the schema `platform` that changes something.
    pub(crate) async fn change<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        self.transaction(async |tx| Ok(tx.run(statement).await?)).await
    }

    /// Runs several statements on the schema `platform` as one transaction.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let acting = async |tx: &PlatformTx<'_>| {
            tx.act(self.caller.actor()).await?;
            work(tx).await
        };
        self.caller.platform.db().transaction(acting).await
    }

    pub(crate) fn tenants(&self) -> &Tenants {
        self.caller.platform.tenants()
    }
}

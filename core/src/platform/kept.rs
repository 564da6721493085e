//! A transaction on the schema `platform` that stays open until the answer stands, and commits with its record.

use deadpool_postgres::Object;
use futures_util::future::join3;
use tokio::sync::OwnedSemaphorePermit;

use super::db::{PlatformDb, PlatformTx, Present, run};
use crate::tenancy::{DbError, Statement};

/// Such a transaction. Dropped in the middle it closes its connection, and so PostgreSQL undoes it.
pub(crate) struct KeptTx {
    client: Option<Object>,
    /// Leaves connections for what the same request asks beside it.
    _place: OwnedSemaphorePermit,
}

impl KeptTx {
    /// Begins one that goes on only if somebody is present, and if it gets its key: one round trip.
    pub(crate) async fn begin(
        db: &PlatformDb,
        present: Option<Present>,
        claim: Statement<()>,
    ) -> Result<Self, DbError> {
        let (client, place) = db.keep().await?;
        let kept = Self { client: Some(client), _place: place };
        let client = kept.client()?;
        // Prepared before, so that what follows is one flush, in which the first error is the cause.
        if let Some(present) = present {
            client.prepare_cached(present.statement().sql.as_str()).await?;
        }
        client.prepare_cached(claim.sql.as_str()).await?;
        let here = async {
            match present {
                Some(present) => run(client, present.statement()).await.map_err(Present::explain),
                None => Ok(()),
            }
        };
        let (begun, here, claimed) = join3(client.batch_execute("BEGIN"), here, run(client, claim)).await;
        let opened = match (begun, here) {
            (Ok(()), Ok(())) => claimed.map_err(DbError::of_claim),
            (Err(error), _) => Err(error.into()),
            (_, Err(error)) => Err(error),
        };
        match opened {
            Ok(()) => Ok(kept),
            Err(error) => {
                kept.roll_back().await;
                Err(error)
            }
        }
    }

    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(|| DbError::Unavailable("the connection was given back".into()))
    }

    /// Runs what belongs to it.
    pub(crate) async fn within<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, E>,
    {
        work(&PlatformTx::kept(self.client()?)).await
    }

    /// Commits, together with the record where there is one.
    pub(crate) async fn commit(mut self, record: Option<Statement<()>>) -> Result<(), DbError> {
        let client = self.client()?;
        if let Some(record) = record {
            run(client, record).await.map_err(DbError::of_claim)?;
        }
        client.batch_execute("COMMIT").await?;
        self.client.take();
        Ok(())
    }

    /// Undoes it and keeps the connection.
    pub(crate) async fn roll_back(mut self) {
        let undone = match self.client() {
            Ok(client) => client.batch_execute("ROLLBACK").await.is_ok(),
            Err(_) => false,
        };
        if undone {
            self.client.take();
        }
    }
}

impl Drop for KeptTx {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

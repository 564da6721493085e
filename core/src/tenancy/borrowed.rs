//! A connection out of its lane, and how it gets back there clean.

use std::time::Duration;

use deadpool::managed::Object;

use super::connection::{Connection, Manager};
use super::error::DbError;
use super::id::TenantId;
use super::seal;

/// A connection out of its lane. Unless it is given back clean it is rolled back first, also when a request is
/// dropped in the middle of a statement; if that takes too long it is closed.
pub(super) struct Borrowed {
    object: Option<Object<Manager>>,
    clean: bool,
    suspect: Option<TenantId>,
    patience: Duration,
}

impl Borrowed {
    pub(super) fn new(object: Object<Manager>, patience: Duration) -> Self {
        Self { object: Some(object), clean: false, suspect: None, patience }
    }

    pub(super) fn connection(&mut self) -> Result<&mut Connection, DbError> {
        self.object.as_deref_mut().ok_or_else(|| DbError::Unavailable("the connection was given back".into()))
    }

    pub(super) fn give_back(mut self) {
        self.clean = true;
    }

    /// Has the tenant's home inspected on the way back, where an error looks as if it were none.
    pub(super) fn note<T>(&mut self, tenant: TenantId, outcome: &Result<T, DbError>) {
        if outcome.as_ref().is_err_and(DbError::is_out_of_place) {
            self.suspect = Some(tenant);
        }
    }

    /// Leaves the failed transaction and forgets the tenant's statements, so that they are prepared anew.
    pub(super) async fn recover(&mut self, tenant: TenantId) -> Result<(), DbError> {
        let connection = self.connection()?;
        connection.forget(tenant);
        Ok(connection.client.batch_execute("ROLLBACK").await?)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some(object) = self.object.take().filter(|_| !self.clean) else { return };
        let (patience, suspect) = (self.patience, self.suspect);
        let clean = async move |object: &Object<Manager>| {
            object.client.batch_execute("ROLLBACK").await?;
            if let Some(tenant) = suspect {
                seal::inspect(&object.client, tenant).await;
                object.client.batch_execute("ROLLBACK").await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        };
        tokio::spawn(async move {
            let rolled_back = tokio::time::timeout(patience, clean(&object)).await;
            if !matches!(rolled_back, Ok(Ok(()))) {
                drop(Object::take(object));
            }
        });
    }
}

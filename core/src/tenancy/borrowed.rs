//! A connection out of its lane, and how it gets back there clean.

use std::time::Duration;

use deadpool::managed::Object;

use super::connection::{Connection, Manager};
use super::error::DbError;
use super::id::TenantId;
use super::seal;
use super::wire::WireError;

/// A connection out of its lane. Unless nothing is under way on it, it is rolled back first, also when a request is
/// dropped in the middle of a statement; if that takes too long it is closed.
pub(super) struct Borrowed {
    object: Option<Object<Manager>>,
    suspect: Option<TenantId>,
    patience: Duration,
}

impl Borrowed {
    pub(super) fn new(object: Object<Manager>, patience: Duration) -> Self {
        Self { object: Some(object), suspect: None, patience }
    }

    pub(super) fn connection(&mut self) -> Result<&mut Connection, DbError> {
        self.object.as_deref_mut().ok_or_else(|| DbError::Unavailable("the connection was given back".into()))
    }

    /// Has the tenant's home inspected on the way back, where an error looks as if it were none.
    pub(super) fn note<T>(&mut self, tenant: TenantId, outcome: &Result<T, DbError>) {
        if outcome.as_ref().is_err_and(DbError::is_out_of_place) {
            self.suspect = Some(tenant);
        }
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some(mut object) = self.object.take() else { return };
        let (patience, suspect) = (self.patience, self.suspect);
        if suspect.is_none() && object.wire.is_clean() {
            return;
        }
        let clean = async move |connection: &mut Connection| {
            connection.wire.recover().await?;
            if let Some(tenant) = suspect {
                seal::inspect(connection, tenant).await;
                connection.wire.recover().await?;
            }
            Ok::<_, WireError>(())
        };
        tokio::spawn(async move {
            let cleaned = tokio::time::timeout(patience, clean(&mut object)).await;
            if !matches!(cleaned, Ok(Ok(()))) {
                drop(Object::take(object));
            }
        });
    }
}

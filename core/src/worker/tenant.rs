//! The door for work: what a worker has claimed lets it into the tenant whose work it is, and into no other.

use uuid::Uuid;

use crate::files::TenantFiles;
use crate::notify::Notify;
use crate::permission::RecordScope;
use crate::platform::Platform;
use crate::tenancy::{Access, DbError, Entry, Reach, Right, Shard, Statement, TenantId, TenantTx};

/// A tenant, for as long as the worker has claimed work of it. What it changes is noted in the journal in the name of
/// whoever the work is done for.
///
/// The database refuses each transaction where the claim is over, where the tenant is not active
/// ([`DbError::TenantInactive`]), or has disabled the module ([`DbError::ModuleDisabled`]).
pub struct TenantWork {
    platform: Platform,
    entry: Entry,
}

impl TenantWork {
    pub(super) fn new(
        platform: Platform,
        tenant: TenantId,
        shard: i16,
        claim: Uuid,
        module: Option<&'static str>,
    ) -> Self {
        Self { platform, entry: Entry { tenant, shard: Shard(shard), module, right: Right::Claim(claim) } }
    }

    /// Whose work it is.
    pub fn tenant(&self) -> TenantId {
        self.entry.tenant
    }

    /// All records: the work is the organization's, not one person's. What it makes is nobody's unless it is given to somebody.
    pub fn reach(&self) -> Reach {
        Reach::new(RecordScope::All, None)
    }

    /// The organization's files, and nobody else's.
    pub fn files(&self) -> TenantFiles {
        self.platform.files().of(self.tenant())
    }

    /// Posts notices, in a transaction of this tenant.
    pub fn notify(&self) -> &Notify {
        self.platform.notify()
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs one statement in a read-only transaction of its own.
    ///
    /// # Errors
    /// Those of [`DbError`].
    pub async fn read<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        self.platform.door().once(self.entry, Access::Read, statement).await
    }

    /// Runs one statement in a transaction of its own.
    ///
    /// # Errors
    /// Those of [`DbError`]; nothing has changed then.
    pub async fn write<T>(&self, statement: Statement<T>) -> Result<T, DbError> {
        self.platform.door().once(self.entry, Access::Write, statement).await
    }

    /// Runs several statements as one transaction; it is committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// Those of `work` and of [`DbError`].
    pub async fn transaction<T, F>(&self, work: F) -> Result<T, DbError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, DbError>,
    {
        let mut tx = self.platform.door().transaction(self.entry, Access::Write).await?;
        let done = work(&mut tx).await;
        if done.is_ok() {
            tx.commit().await?
        } else {
            tx.roll_back().await?
        }
        done
    }
}

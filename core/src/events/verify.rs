//! Verifying a journal: whether each entry is what it was when it got its hash, and none is gone.

use crate::tenancy::{DbError, TenantId, Tenants};

/// What was found of a journal.
#[derive(Debug, Clone, Copy)]
pub struct JournalState {
    /// How many entries have their place in the chain.
    pub entries: i64,
    /// The first position where the chain is broken.
    pub first_fault: Option<i64>,
}

/// Computes the chain of hashes anew. None where the tenant has no journal (any more).
///
/// # Errors
/// Those of the database.
pub async fn verify(tenants: &Tenants, tenant: TenantId) -> Result<Option<JournalState>, DbError> {
    let admin = tenants.admin().await?;
    let sql = "SELECT coalesce((SELECT position FROM platform.journal_heads WHERE tenant_id = $1), 0),
        platform.first_fault($1) WHERE to_regclass($2) IS NOT NULL";
    let journal = format!("{}.journal", tenant.schema());
    match admin.query_opt(sql, &[&tenant, &journal]).await? {
        None => Ok(None),
        Some(row) => Ok(Some(JournalState { entries: row.try_get(0)?, first_fault: row.try_get(1)? })),
    }
}

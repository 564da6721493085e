//! Sealing journals: what was written since gets its position and its hash.

use crate::sql;
use crate::tenancy::{Statement, statement};

/// Transactions whose journals are sealed at once.
const BATCH: i32 = 500;

/// Seals what up to [`BATCH`] transactions wrote, and tells whether that was anything. Its cost grows with what was written,
/// not with the tenants.
pub(crate) fn seal() -> Statement<bool> {
    statement(sql!("SELECT 1 FROM seal_journals($1)")).bind(BATCH).any()
}

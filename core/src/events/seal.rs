//! Sealing journals: what was written since gets its position and its hash.

use crate::sql;
use crate::tenancy::{Statement, statement};

/// Entries that are sealed at once.
const BATCH: i32 = 1000;

/// Seals up to [`BATCH`] entries, and tells whether that was anything. Its cost grows with what was written,
/// not with the tenants.
pub(crate) fn seal() -> Statement<bool> {
    statement(sql!("SELECT 1 FROM seal_journals($1)")).bind(BATCH).any()
}

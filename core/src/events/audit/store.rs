//! The SQL of the audit. It only reads: the database writes the journal.

use uuid::Uuid;

use super::{AuditEntry, AuditSort, EntryId};
use crate::events::Change;
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Fragment, Statement, records, select};
use crate::value::{Moment, Text};

/// Which entries to list.
pub(super) struct Filter {
    pub(super) user_id: Option<Uuid>,
    pub(super) resource: Option<Text<60>>,
    pub(super) record: Option<Text<100>>,
    pub(super) operation: Option<Text<100>>,
    pub(super) change: Option<Change>,
    pub(super) from: Option<Moment>,
    pub(super) until: Option<Moment>,
}

/// Leaves out what the caller may not see.
const SEEN: Fragment = sql!("resource <> ALL ($1)");

pub(super) fn list(
    filter: Filter,
    hidden: Vec<&'static str>,
    paging: Paging<AuditSort>,
) -> Statement<Page<AuditEntry>> {
    let Filter { user_id, resource, record, operation, change, from, until } = filter;
    let hidden = Some(hidden).filter(|hidden| !hidden.is_empty());
    let entries = records(sql!("journal"))
        .filter(SEEN, hidden)
        .filter(sql!("user_id = $1"), user_id)
        .filter(sql!("resource = $1"), resource)
        .filter(sql!("record = $1"), record)
        .filter(sql!("operation = $1"), operation)
        .filter(sql!("change = $1"), change)
        .filter(sql!("at >= $1"), from)
        .filter(sql!("at < $1"), until);
    paging.page(entries)
}

pub(super) fn find(id: EntryId, hidden: Vec<&'static str>) -> Statement<Option<AuditEntry>> {
    select::<AuditEntry>(sql!("FROM journal WHERE id = $1 AND resource <> ALL ($2)")).bind(id).bind(hidden).optional()
}

//! What can be merged: how records in reach are read, and what their columns hold.

use serde_json::Value;
use uuid::Uuid;

use super::MergeResource;
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::events::EventSource;
use crate::sql;
use crate::tenancy::{Fragment, Reach, Statement, reached};

/// A record as it is: its id, its version, all its columns.
pub(super) type Row = (Uuid, i64, Value);

/// A kind of records that can be merged.
pub(super) struct Kind {
    pub(super) source: &'static EventSource,
    /// Reads records that the caller reaches.
    pub(super) rows: fn(Reach, Vec<Uuid>) -> Statement<Vec<Row>>,
    /// A column, and the list that its value goes into where another one counts; with the name of the value there.
    pub(super) spills: &'static [(&'static str, &'static str)],
    /// Records that go with the merged ones where the kept one has such already: the table, the column that refers to these, and
    /// the one that no two of the same share.
    pub(super) pairs: &'static [(Fragment, Fragment, Fragment)],
}

/// How much each list holds; others hold as much as the first.
pub(super) const LIST_HOLDS: usize = 20;
/// Tags.
pub(super) const TAGS_HOLD: usize = 50;

static CONTACTS: Kind = Kind {
    source: &crate::crm::CONTACTS,
    rows: |reach, ids| {
        let rows = sql!("SELECT c.id, c.version, to_jsonb(c) FROM contacts_in_reach AS c WHERE c.id = ANY ($1)");
        reached(reach).with::<Contact>().statement(rows).bind(ids).many()
    },
    spills: &[("email", "emails"), ("phone", "phones")],
    pairs: &[(sql!("positions"), sql!("contact_id"), sql!("company_id"))],
};

static COMPANIES: Kind = Kind {
    source: &crate::crm::COMPANIES,
    rows: |reach, ids| {
        let rows = sql!("SELECT c.id, c.version, to_jsonb(c) FROM companies_in_reach AS c WHERE c.id = ANY ($1)");
        reached(reach).with::<Company>().statement(rows).bind(ids).many()
    },
    spills: &[],
    pairs: &[(sql!("positions"), sql!("company_id"), sql!("contact_id"))],
};

impl MergeResource {
    pub(super) fn kind(self) -> &'static Kind {
        match self {
            Self::Contacts => &CONTACTS,
            Self::Companies => &COMPANIES,
        }
    }
}

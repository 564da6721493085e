//! Merges: records of the same person or company become one, and every record that referred to any of them refers to that.
//!
//! What refers to the merged records by fields of the organization's own is pointed to the kept one first, a statement a field.
//! The rest is one statement, so references and rules are looked at when all of it is done: what refers to them by a declared
//! reference ([`Refers`](crate::events::Refers)) of any module is pointed to the kept one, whose empty fields are filled and whose
//! lists are united, and the merged ones are deleted. Within 30 days it is taken back as a whole, as an undo of the one request;
//! the merged records alone are in the trash too.
//!
//! - this file: what is asked for and answered; `kind.rs`: what can be merged; `weave.rs`: what the kept record becomes;
//! - `api.rs`: the operations; `work.rs`: what they have in common; `store.rs`: the SQL; `links.rs`: references by fields of the
//!   organization's own; `undo.rs`: taking a merge back.

mod api;
mod kind;
mod links;
mod store;
mod undo;
mod weave;
mod work;

use std::collections::{HashMap, HashSet};

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use api::MergesApi;

use crate::choice;
use crate::events::audit::EntryId;
use crate::http::{ApiError, ApiResult};

/// How many records are merged into one at once.
const MOST: usize = 10;

choice! {
    /// What can be merged.
    pub enum MergeResource {
        /// Contacts.
        Contacts = "contacts",
        /// Companies.
        Companies = "companies",
    }
}

/// Which records become one.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// What kind of records they are.
    resource: MergeResource,
    /// The one that is kept.
    keep: Uuid,
    /// Those that are merged into it, and deleted: 1 to 10. Of several with a value the first one counts.
    #[oai(validator(min_items = 1, max_items = 10))]
    merge: Vec<Uuid>,
    /// For single fields, the id of the record whose value counts, though the kept one has another.
    #[serde(default)]
    fields: Option<HashMap<String, Uuid>>,
    /// The version of each record that was looked at, as the preview tells them. Where one has another by now, the answer is 412.
    #[serde(default)]
    versions: Option<HashMap<String, i64>>,
}

impl NewMerge {
    fn checked(self) -> ApiResult<Self> {
        if self.merge.is_empty() || self.merge.len() > MOST {
            return Err(ApiError::invalid().at("/merge", format!("expected 1 to {MOST} of them")));
        }
        let mut seen = HashSet::from([self.keep]);
        if let Some(n) = self.merge.iter().position(|id| !seen.insert(*id)) {
            return Err(ApiError::invalid().at(format!("/merge/{n}"), "each record once, and not the one that is kept"));
        }
        for (name, id) in self.fields.iter().flatten() {
            if !seen.contains(id) {
                return Err(
                    ApiError::invalid().at(format!("/fields/{name}"), "expected the id of one of these records")
                );
            }
        }
        Ok(self)
    }

    /// All of them, the kept one first.
    fn ids(&self) -> Vec<Uuid> {
        std::iter::once(self.keep).chain(self.merge.iter().copied()).collect()
    }
}

/// What a merge would do.
#[derive(Debug, Serialize, Object)]
pub struct MergePreview {
    /// What changes in the kept record.
    pub fields: Vec<MergedField>,
    /// Which records would refer to the kept one, of those kinds that the caller may see.
    pub moved: Vec<Moved>,
    /// What stands in the way.
    pub conflicts: Vec<MergeConflict>,
    /// The version of each of the records, by its id; to be sent with the merge.
    pub versions: HashMap<String, i64>,
}

/// A field that changes.
#[derive(Debug, Serialize, Object)]
pub struct MergedField {
    /// Its name.
    pub name: String,
    /// What it is in the kept record.
    pub now: Option<Value>,
    /// What it would be.
    pub then: Option<Value>,
}

/// Records of a kind that refer to the kept one instead of a merged one.
#[derive(Debug, Serialize, Object)]
pub struct Moved {
    /// What kind of records.
    pub resource: String,
    /// How many.
    pub count: i64,
    /// How many go with the merged ones, because the kept one has the same already.
    pub dropped: i64,
}

/// Why records cannot be merged.
#[derive(Debug, Serialize, Object)]
pub struct MergeConflict {
    /// A kind of records of which each may be of one only, and more than one refers to these.
    pub resource: Option<String>,
    /// A field that would hold more than it can.
    pub field: Option<String>,
}

/// Records that became one.
#[derive(Debug, Serialize, Object)]
pub struct Merge {
    /// By which it is undone, within 30 days.
    pub id: EntryId,
    /// What kind of records.
    pub resource: MergeResource,
    /// The one that is kept.
    pub keep: Uuid,
    /// Those that were merged into it.
    pub merged: Vec<Uuid>,
    /// Which records refer to the kept one since, of those kinds that the caller may see.
    pub moved: Vec<Moved>,
}

/// A merge that was taken back.
#[derive(Debug, Serialize, Object)]
pub struct Unmerged {
    /// What kind of records.
    pub resource: String,
    /// The merged record that is back, the first where there were several.
    pub record: String,
    /// How many records were made or changed again.
    pub restored: i64,
}

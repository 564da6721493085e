//! Imports: a CSV file whose rows become records.
//!
//! - this file: the import and its words; `api.rs`: the operations; `store.rs`: the SQL;
//! - `fields.rs`: which fields a file can fill, and by which names its columns are known;
//! - `cutter.rs`: a file as it arrives, cut into pieces of whole rows; `upload.rs`: how they are kept;
//! - `go_on.rs`: a piece of work: rows become records, a transaction for each piece; `rows.rs`: what rows say;
//!   `known.rs`: which record one is about;
//! - `importer.rs`: what whoever imports may do, at that moment.
//!
//! A piece goes in the transaction that makes its rows records. So wherever a process dies, the next one goes on with the
//! first piece that is left: no row is lost, and none is done twice.

mod api;
mod cutter;
mod fields;
mod go_on;
mod importer;
mod known;
mod rows;
mod store;
mod upload;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::ImportsApi;
pub use fields::ImportField;
pub(super) use go_on::forget;
pub(crate) use go_on::go_on;

use super::{CompaniesWrite, ContactsWrite, ImportsRead};
use crate::custom::{CustomField, Customized, FieldName};
use crate::events::EventSource;
use crate::http::{ApiError, ApiResult, Versioned};
use crate::identity::UserId;
use crate::permission::{Permission as _, PermissionInfo};
use crate::value::{Several, Text};
use crate::{choice, owned_row, record_id, row, sorts};

record_id! {
    /// The id of an import.
    ImportId
}

choice! {
    /// What the rows of a file become.
    pub enum ImportResource {
        /// Contacts.
        Contacts = "contacts",
        /// Companies.
        Companies = "companies",
    }
}

impl ImportResource {
    /// What it takes to make such records.
    fn permission(self) -> &'static PermissionInfo {
        match self {
            Self::Contacts => &ContactsWrite::INFO,
            Self::Companies => &CompaniesWrite::INFO,
        }
    }

    /// Whose fields of the organization's own they have.
    fn customized(self) -> Customized {
        match self {
            Self::Contacts => Customized::Contacts,
            Self::Companies => Customized::Companies,
        }
    }
}

choice! {
    /// How far an import has come.
    pub enum ImportState {
        /// Its file has not been sent.
        Waiting = "waiting",
        /// Its file is being sent, or was sent in part.
        Uploading = "uploading",
        /// Its rows become records.
        Running = "running",
        /// All rows were looked at.
        Done = "done",
        /// Somebody has stopped it. What was done stays.
        Cancelled = "cancelled",
        /// It could not go on; see `reason`. What was done stays.
        Failed = "failed",
    }
}

impl ImportState {
    /// Whether nothing more comes.
    fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

choice! {
    /// By what a row is known to be about a record that is there already.
    pub enum MatchBy {
        /// The address for e-mail, in any case; of a contact also a further one.
        Email = "email",
        /// The telephone number, however it is written; of a contact also a further one.
        Phone = "phone",
    }
}

choice! {
    /// What becomes of a row that is about a record which is there already.
    pub enum Duplicates {
        /// Nothing.
        Skip = "skip",
        /// The cells that are not empty change the record.
        Update = "update",
        /// It becomes another record.
        Create = "create",
    }
}

/// A column of a file and the field that it fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// The name in the file's first line.
    pub column: Text<200>,
    /// The field.
    pub field: MappedField,
}

/// A field that a column fills.
pub type MappedField = FieldName<ImportField>;

/// An import.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// What the rows become.
    pub resource: ImportResource,
    /// How far it has come.
    pub state: ImportState,
    /// By what a row is known to be about a record that is there already.
    pub match_by: MatchBy,
    /// What becomes of such a row.
    pub duplicates: Duplicates,
    /// Whether it only tells what would become of the rows.
    pub dry_run: bool,
    /// Which columns fill which fields; as guessed from the file where nothing was said.
    pub mapping: Several<MappedColumn>,
    /// What stands between the cells of the file; null before it was sent.
    pub delimiter: Option<String>,
    /// Rows of the file, without the line of names; 0 before all of it has arrived.
    pub rows_total: i64,
    /// Rows that were looked at.
    pub rows_done: i64,
    /// Rows that became new records.
    pub created: i64,
    /// Rows that changed a record.
    pub updated: i64,
    /// Rows that were left out, being about a record that is there already.
    pub skipped: i64,
    /// Rows that were refused; see `GET /imports/{id}/errors`.
    pub failed: i64,
    /// Why it failed; null where it did not.
    pub reason: Option<String>,
    /// When it was over; null as long as it is not.
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// Who imports. The records are theirs.
    pub owner_id: Option<UserId>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    places: Vec<i32>,
    #[oai(skip)]
    #[serde(skip)]
    width: i32,
    #[oai(skip)]
    #[serde(skip)]
    upload: Option<Uuid>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(Import in "imports" {
    id,
    resource,
    state,
    match_by,
    duplicates,
    dry_run,
    mapping,
    delimiter,
    rows_total,
    rows_done,
    created,
    updated,
    skipped,
    failed,
    reason,
    finished_at,
    owner_id,
    created_at,
    updated_at,
    places,
    width,
    upload,
    version
});

impl Versioned for Import {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An import to make. Its file is sent next.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// What the rows become.
    resource: ImportResource,
    /// By what a row is known to be about a record that is there already; `email` where it is left out.
    match_by: Option<MatchBy>,
    /// What becomes of such a row; `skip` where it is left out.
    duplicates: Option<Duplicates>,
    /// Only tell what would become of the rows.
    #[serde(default)]
    #[oai(default)]
    dry_run: bool,
    /// Which columns fill which fields, up to 20. Where it is empty, that is guessed from the file's first line: fields of the
    /// organization's own are known by their keys and their labels.
    #[serde(default)]
    #[oai(default)]
    mapping: Several<MappedColumn>,
}

impl NewImport {
    /// Checks that each field is one of such records, and is filled by one column.
    fn checked(self) -> ApiResult<Self> {
        let mut taken = Vec::new();
        for (n, MappedColumn { field, .. }) in self.mapping.iter().enumerate() {
            let place = format!("/mapping/{n}/field");
            if matches!(field, FieldName::Common(field) if !self.resource.has(*field)) {
                return Err(ApiError::invalid().at(place, "such records do not have this field"));
            }
            if taken.contains(field) {
                return Err(ApiError::invalid().at(place, "another column fills this field"));
            }
            taken.push(*field);
        }
        Ok(self)
    }

    /// Whether columns fill fields of the organization's own.
    fn has_own(&self) -> bool {
        self.mapping.iter().any(|mapped| matches!(mapped.field, FieldName::Own(_)))
    }

    /// Checks that the organization has the fields of its own that are named.
    fn defined(&self, fields: &[CustomField]) -> ApiResult<()> {
        for (n, MappedColumn { field, .. }) in self.mapping.iter().enumerate() {
            if matches!(field, FieldName::Own(key) if !fields.iter().any(|field| field.key == *key)) {
                let place = format!("/mapping/{n}/field");
                return Err(ApiError::invalid().at(place, "this organization has not defined such a field"));
            }
        }
        Ok(())
    }
}

/// What was wrong with a row.
#[derive(Debug, Serialize, Object)]
pub struct ImportError {
    #[oai(skip)]
    #[serde(skip)]
    id: ImportErrorId,
    /// The row, counted from 1 behind the line of names.
    pub row_number: i64,
    /// The column by its name in the file; null where it is about the whole row.
    pub column_name: Option<String>,
    /// What was wrong.
    pub reason: String,
}

record_id! {
    /// The id of an error.
    ImportErrorId
}

row!(ImportError { id, row_number, column_name, reason });

sorts! {
    /// How imports can be sorted.
    pub enum ImportSort of Import {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |import| import.created_at,
    }
}

sorts! {
    /// How the errors of an import can be sorted.
    pub enum ImportErrorSort of ImportError {
        RowNumber | RowNumberDesc: "row_number" | "-row_number" = bigint row_number => |error| error.row_number,
    }
}

/// That an import was made, got its file, or was stopped. The rows of its file are records with events of their own.
pub(super) const IMPORTS: EventSource =
    EventSource { name: "import", resource: "imports", read: &ImportsRead::INFO, undo: None };

//! Documents of properties and listings: contracts, plans, pictures, certificates.
//!
//! The record is a row; its content is a file of the organization beside the tables ([`tenantry_core::files`]), which the row names.
//! A new content is a new file, and becomes the document's by the row: who reads has the old one or the new one, each whole.
//!
//! - this file: the record, what makes and changes one; `content.rs`: taking, giving and deleting the content;
//! - `sweep.rs`: the job that deletes files which no row names; `api.rs`, `store.rs`: as for every resource.

mod api;
mod content;
mod store;
mod sweep;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::events::EventSource;
use tenantry_core::files::{FileId, MediaType};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, replace};
use tenantry_core::permission::Permission as _;
use tenantry_core::value::{Moment, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::DocumentsApi;
pub(crate) use sweep::SWEEP;

use crate::DocumentsRead;
use crate::listings::ListingId;
use crate::properties::PropertyId;

/// What is heard of them. No change is undone: the content that was replaced or deleted is gone.
pub(crate) const DOCUMENTS: EventSource =
    EventSource { name: "document", resource: "documents", read: &DocumentsRead::INFO, undo: None };

record_id! {
    /// The id of a document.
    DocumentId
}

choice! {
    /// What a document is.
    pub enum DocumentKind {
        /// A contract.
        Contract = "contract",
        /// A plan of the rooms.
        FloorPlan = "floor_plan",
        /// A picture.
        Photo = "photo",
        /// A certificate about the use of energy.
        EnergyCertificate = "energy_certificate",
        /// Anything else.
        Other = "other",
    }
}

/// A document.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The property that it is about.
    pub property_id: Option<PropertyId>,
    /// The listing that it is about.
    pub listing_id: Option<ListingId>,
    /// The name that it is saved under.
    pub name: Text<200>,
    /// What it is.
    pub kind: DocumentKind,
    /// What kind of file its content is; null until it has any.
    pub media_type: Option<MediaType>,
    /// The size of its content in bytes; null until it has any.
    pub size: Option<i64>,
    /// SHA-256 of its content, in hexadecimal digits; null until it has any.
    pub sha256: Option<String>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    file_id: Option<FileId>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(Document {
    id,
    property_id,
    listing_id,
    name,
    kind,
    media_type,
    size,
    sha256,
    created_at,
    updated_at,
    file_id,
    version
});

impl Versioned for Document {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A document to make; its content comes next, with `PUT /real-estate/documents/{id}/content`.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// The property that it is about; this or `listing_id`, or both.
    property_id: Option<PropertyId>,
    /// The listing that it is about.
    listing_id: Option<ListingId>,
    /// The name that it is saved under, such as `Energy certificate 2026.pdf`.
    name: Text<200>,
    /// What it is.
    kind: DocumentKind,
}

impl NewDocument {
    /// Checks that it is about something.
    fn checked(self) -> ApiResult<Self> {
        if self.property_id.is_none() && self.listing_id.is_none() {
            let detail = "a document is about a property or a listing: give `property_id`, `listing_id`, or both";
            return Err(ApiError::invalid().at("/property_id", detail));
        }
        Ok(self)
    }
}

/// What to change in a document. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentPatch {
    /// The name that it is saved under.
    name: Change<Text<200>>,
    /// What it is.
    kind: Change<DocumentKind>,
}

impl DocumentPatch {
    fn apply(self, document: &mut Document) {
        replace(&mut document.name, self.name);
        replace(&mut document.kind, self.kind);
    }
}

criteria! {
    /// What documents are listed by.
    pub struct DocumentFields of Document in "documents" by "-created_at" {
        /// The property that it is about.
        property_id: PropertyId => [eq in null];
        /// The listing that it is about.
        listing_id: ListingId => [eq in null];
        /// What it is.
        kind: DocumentKind => [eq in];
        /// The name that it is saved under, in any case.
        name: Text<200> => folded [eq in], sort folded |document| document.name.to_string();
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |document| document.created_at;
    }
}

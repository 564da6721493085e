//! Fields of an organization's own, on contacts, companies, deals and projects.
//!
//! - this file: the definition of a field, and what a client may send; `api.rs`, `store.rs`: as for every resource; `source.rs`:
//!   what the descriptor says of them;
//! - `values.rs`: what stands in the column `custom` of a record; `take.rs`: what a field takes; `fields.rs`: what the values of
//!   records are checked against; `name.rs`: how one is named beside the fields that every organization has; `check.rs`: that of one record, asked in the transaction that writes it;
//! - `ask.rs`: how lists are filtered and sorted by them (`http::criteria`);
//! - `uses.rs`: which of them lists are asked by, so that those get an index; `sweep.rs`: what is left of deleted ones.
//!
//! Who deletes a field deletes its values, which nobody sees from then on. They stay in the records for 30 days, so that the field
//! comes out of the trash with them; for as long its key is nobody's.

mod api;
mod ask;
mod check;
mod fields;
mod name;
mod source;
mod store;
mod sweep;
mod take;
mod uses;
mod values;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::CustomFieldsApi;
pub(crate) use check::insert;
pub(crate) use fields::{Fields, Named};
pub use name::FieldName;
pub(crate) use source::CUSTOM_FIELDS;
pub(crate) use store::{all as all_fields, fields};
pub(crate) use sweep::sweep;
pub(crate) use uses::FieldUses;
pub use values::{Checked, Custom, CustomChange};

use crate::http::{ApiError, ApiResult, Change, Versioned, replace};
use crate::tenancy::FieldKey;
use crate::value::{Moment, Tags, Text};
use crate::{choice, criteria, record_id, row};

record_id! {
    /// The id of a field of the organization's own.
    CustomFieldId
}

choice! {
    /// A kind of records that can have fields of the organization's own.
    pub enum Customized {
        /// People.
        Contacts = "contacts",
        /// Companies.
        Companies = "companies",
        /// Deals.
        Deals = "deals",
        /// Projects.
        Projects = "projects",
    }
}

impl Customized {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Contacts, Self::Companies, Self::Deals, Self::Projects];

    /// The kind whose table has this name.
    pub fn of(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == table)
    }

    /// The constraint on the column `custom`.
    pub(crate) const fn constraint(self) -> &'static str {
        match self {
            Self::Contacts => "contacts_custom_check",
            Self::Companies => "companies_custom_check",
            Self::Deals => "deals_custom_check",
            Self::Projects => "projects_custom_check",
        }
    }
}

choice! {
    /// What the values of a field are.
    pub enum FieldType {
        /// One line of up to 500 characters.
        Text = "text",
        /// A number of up to 15 digits, of which 6 may stand behind the point.
        Number = "number",
        /// A day, such as `2026-11-21`.
        Date = "date",
        /// One of the field's choices.
        Choice = "choice",
        /// True or false.
        Boolean = "boolean",
        /// The id of another record.
        Reference = "reference",
    }
}

/// A field of the organization's own.
#[derive(Debug, Clone, Serialize, Object)]
pub struct CustomField {
    /// Its id.
    pub id: CustomFieldId,
    /// Which records have it.
    pub resource: Customized,
    /// What it is called in `custom` of those records, in filters and in orders. It never changes.
    pub key: FieldKey,
    /// What it is called before people.
    pub label: Text<100>,
    /// What its values are. It never changes.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What can be chosen; of a choice.
    pub choices: Tags,
    /// Whether a new record needs a value. Those that had none before may stay without.
    pub required: bool,
    /// Of which kind the records are that it names; of a reference.
    pub refers_to: Option<Customized>,
    /// When the field was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(CustomField {
    id,
    resource,
    key,
    label,
    kind = "type",
    choices,
    required,
    refers_to,
    created_at,
    updated_at,
    version
});

impl Versioned for CustomField {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A field to make. A resource has 50 at most.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewCustomField {
    /// Which records have it.
    resource: Customized,
    /// What it is called in `custom` of those records: a small letter, then up to 39 of `a-z`, `0-9` and `_`.
    key: FieldKey,
    /// What it is called before people.
    label: Text<100>,
    /// What its values are.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    kind: FieldType,
    /// What can be chosen; needed for a choice, and only there.
    #[serde(default)]
    #[oai(default)]
    choices: Tags,
    /// Whether a new record needs a value.
    #[serde(default)]
    #[oai(default)]
    required: bool,
    /// Of which kind the records are that it names; needed for a reference, and only there.
    refers_to: Option<Customized>,
}

/// What to change in a field. What is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct CustomFieldPatch {
    /// What it is called before people.
    label: Change<Text<100>>,
    /// What can be chosen. Records keep what is not there any more until they are changed.
    choices: Change<Tags>,
    /// Whether a new record needs a value.
    required: Change<bool>,
}

impl NewCustomField {
    fn checked(self) -> ApiResult<Self> {
        chosen(self.kind, &self.choices)?;
        match (self.kind == FieldType::Reference, self.refers_to.is_some()) {
            (true, false) => {
                Err(ApiError::invalid().at("/refers_to", "a reference needs the kind of records that it names"))
            }
            (false, true) => Err(ApiError::invalid().at("/refers_to", "only a reference names other records")),
            _ => Ok(self),
        }
    }
}

impl CustomFieldPatch {
    fn apply(self, field: &mut CustomField) -> ApiResult<()> {
        replace(&mut field.label, self.label);
        replace(&mut field.choices, self.choices);
        replace(&mut field.required, self.required);
        chosen(field.kind, &field.choices)
    }
}

fn chosen(kind: FieldType, choices: &Tags) -> ApiResult<()> {
    match (kind == FieldType::Choice, choices.iter().next().is_some()) {
        (true, false) => Err(ApiError::invalid().at("/choices", "a choice needs something to choose from")),
        (false, true) => Err(ApiError::invalid().at("/choices", "only a choice has choices")),
        _ => Ok(()),
    }
}

criteria! {
    /// What fields are listed by.
    pub struct CustomFieldFields of CustomField in "custom_fields" by "created_at" {
        /// Which records have it.
        resource: Customized => [eq in];
        /// When the field was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |field| field.created_at;
    }
}

//! Requirements: what an applicant looks for. A requirement is its contact's owner's: who does not reach the contact does not see what
//! they look for.
//!
//! - this file: the requirement, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `matches.rs`: what fits whom, both ways; `interests/`: what an applicant thinks of a listing;
//! - `api.rs`: the operations; `store.rs`: the SQL.

mod api;
pub(crate) mod interests;
mod matches;
pub(crate) mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::value::{Amount, Currency, Moment, Several, Tags, Text};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

use crate::listings::ListingKind;
use crate::properties::PropertyType;

pub use api::RequirementsApi;
pub use matches::MatchesApi;
pub(crate) use store::{fulfil, looked_for};

record_id! {
    /// The id of a requirement.
    RequirementId
}

choice! {
    /// Whether somebody still looks for something.
    pub enum RequirementStatus {
        /// They do.
        Open = "open",
        /// They have found it, or given up.
        Closed = "closed",
    }
}

/// What an applicant looks for.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Requirement {
    /// Its id.
    pub id: RequirementId,
    /// Who looks for it.
    pub contact_id: ContactId,
    /// What it is, in a few words.
    pub title: Text<200>,
    /// Whether to buy or to rent.
    pub kind: ListingKind,
    /// Whether they still do. It is closed when they have bought or rented something.
    pub status: RequirementStatus,
    /// The least that it may cost.
    pub price_min: Option<Amount>,
    /// The most that it may cost.
    pub price_max: Option<Amount>,
    /// The currency of both; null where there is neither.
    pub currency: Option<Currency>,
    /// How many rooms it has at least.
    pub rooms_min: Option<i16>,
    /// How much of it is lived in at least, in square metres.
    pub size_min: Option<i32>,
    /// What kinds of property; any where there are none.
    pub types: Several<PropertyType>,
    /// Cities, or beginnings of postcodes; anywhere where there are none.
    pub areas: Tags,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(Requirement in "requirements" of "contact_id" in "contacts" {
    id,
    contact_id,
    title,
    kind,
    status,
    price_min,
    price_max,
    currency,
    rooms_min,
    size_min,
    types,
    areas,
    created_at,
    updated_at,
    version
});

impl Versioned for Requirement {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What a contact looks for.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewRequirement {
    /// Who looks for it.
    contact_id: ContactId,
    /// What it is, in a few words.
    title: Text<200>,
    /// Whether to buy or to rent.
    kind: ListingKind,
    /// The least that it may cost.
    price_min: Option<Amount>,
    /// The most that it may cost.
    price_max: Option<Amount>,
    /// The currency of both, which they need.
    currency: Option<Currency>,
    /// How many rooms it has at least: 1 to 1000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    rooms_min: Option<i16>,
    /// How much of it is lived in at least, in square metres: 1 to 1,000,000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    size_min: Option<i32>,
    /// What kinds of property; any where there are none.
    #[serde(default)]
    #[oai(default)]
    types: Several<PropertyType>,
    /// Cities, or beginnings of postcodes; anywhere where there are none. Up to 50.
    #[serde(default)]
    #[oai(default)]
    areas: Tags,
}

impl NewRequirement {
    fn checked(self) -> ApiResult<Self> {
        priced(self.price_min, self.price_max, self.currency.is_some())?;
        sized(self.rooms_min, self.size_min)?;
        Ok(self)
    }
}

/// What to change in a requirement. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct RequirementPatch {
    /// What it is, in a few words.
    title: Change<Text<200>>,
    /// Whether to buy or to rent.
    kind: Change<ListingKind>,
    /// Whether they still look for it.
    status: Change<RequirementStatus>,
    /// The least that it may cost.
    price_min: MaybeUndefined<Amount>,
    /// The most that it may cost.
    price_max: MaybeUndefined<Amount>,
    /// The currency of both, which they need.
    currency: MaybeUndefined<Currency>,
    /// How many rooms it has at least: 1 to 1000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    rooms_min: MaybeUndefined<i16>,
    /// How much of it is lived in at least, in square metres: 1 to 1,000,000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    size_min: MaybeUndefined<i32>,
    /// What kinds of property; any where there are none.
    types: Change<Several<PropertyType>>,
    /// Cities, or beginnings of postcodes; anywhere where there are none.
    areas: Change<Tags>,
}

impl RequirementPatch {
    /// Applies it, and checks what comes out.
    fn apply(self, requirement: &mut Requirement) -> ApiResult<()> {
        replace(&mut requirement.title, self.title);
        replace(&mut requirement.kind, self.kind);
        replace(&mut requirement.status, self.status);
        patch(&mut requirement.price_min, self.price_min);
        patch(&mut requirement.price_max, self.price_max);
        patch(&mut requirement.currency, self.currency);
        patch(&mut requirement.rooms_min, self.rooms_min);
        patch(&mut requirement.size_min, self.size_min);
        replace(&mut requirement.types, self.types);
        replace(&mut requirement.areas, self.areas);
        priced(requirement.price_min, requirement.price_max, requirement.currency.is_some())?;
        sized(requirement.rooms_min, requirement.size_min)
    }
}

fn priced(min: Option<Amount>, max: Option<Amount>, currency: bool) -> ApiResult<()> {
    let refused = |field, why| Err(ApiError::invalid().at(field, why));
    match (min, max) {
        (Some(min), Some(max)) if max < min => refused("/price_max", "not less than the least price"),
        (None, None) if currency => refused("/currency", "a currency needs a price"),
        (None, None) => Ok(()),
        _ if !currency => refused("/currency", "a price needs a currency"),
        _ => Ok(()),
    }
}

fn sized(rooms: Option<i16>, size: Option<i32>) -> ApiResult<()> {
    if rooms.is_some_and(|rooms| !(1..=1000).contains(&rooms)) {
        return Err(ApiError::invalid().at("/rooms_min", "expected 1 to 1000"));
    }
    if size.is_some_and(|size| !(1..=1_000_000).contains(&size)) {
        return Err(ApiError::invalid().at("/size_min", "expected 1 to 1000000 square metres"));
    }
    Ok(())
}

criteria! {
    /// What requirements are listed by.
    pub struct RequirementFields of Requirement in "requirements" by "-created_at" {
        /// Who looks for it.
        contact_id: ContactId => [eq in];
        /// Whether to buy or to rent.
        kind: ListingKind => [eq];
        /// Whether they still do.
        status: RequirementStatus => [eq];
        /// The most that it may cost.
        price_max: Amount => [gt gte lt lte null], sort numeric nullable |requirement| requirement.price_max;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |requirement| requirement.created_at;
    }
}

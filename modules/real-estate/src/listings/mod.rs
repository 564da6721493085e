//! Listings: a property on the market, for sale or to let. The property says what is there; a listing who offers it, at which price,
//! until when, and where that stands.
//!
//! - this file: the listing, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `status.rs`: where a listing may go; `steps.rs`: going there, and what has to be so before;
//! - `changes.rs`: the history of status and price; `parties/`: whose a listing is;
//! - `expire.rs`: the job that ends mandates; `close.rs`: what follows from a completed sale;
//! - `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod changes;
mod close;
mod expire;
pub(crate) mod parties;
pub(crate) mod source;
mod status;
mod steps;
pub(crate) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Amount, Currency, Date, Moment, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

use crate::properties::PropertyId;

pub use api::ListingsApi;
pub(crate) use close::close;
pub(crate) use expire::expire;
pub use status::ListingStatus;
pub(crate) use status::Way;
pub(crate) use steps::{Mover, move_to};

record_id! {
    /// The id of a listing.
    ListingId
}

choice! {
    /// What a property is on the market for.
    pub enum ListingKind {
        /// To be sold.
        Sale = "sale",
        /// To be let.
        Let = "let",
    }
}

/// A property on the market.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Listing {
    /// Its id.
    pub id: ListingId,
    /// The property.
    pub property_id: PropertyId,
    /// Whether it is for sale or to let.
    pub kind: ListingKind,
    /// Where it stands on the market; changed by `POST /real-estate/listings/{id}/status` and by what becomes of offers.
    pub status: ListingStatus,
    /// The price asked; of a property to let the rent for a month.
    pub price: Amount,
    /// The currency of the price.
    pub currency: Currency,
    /// The member who sells or lets it. Who leaves the organization stays the agent until there is another.
    pub agent_id: Option<UserId>,
    /// The first day of the mandate.
    pub mandate_from: Option<Date>,
    /// The last day of the mandate; null where it has no end.
    pub mandate_until: Option<Date>,
    /// The least that is taken for an offer, in percent of the price asked.
    pub minimum_offer_percent: i16,
    /// How many hours ahead a viewing is asked for.
    pub viewing_notice_hours: i16,
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

row!(Listing {
    id,
    property_id,
    kind,
    status,
    price,
    currency,
    agent_id,
    mandate_from,
    mandate_until,
    minimum_offer_percent,
    viewing_notice_hours,
    created_at,
    updated_at,
    version
});

impl Versioned for Listing {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A listing to make. It starts as `incomplete`.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewListing {
    /// The property.
    property_id: PropertyId,
    /// Whether it is for sale or to let.
    kind: ListingKind,
    /// The price asked; of a property to let the rent for a month.
    price: Amount,
    /// The currency of the price. It cannot be changed once the listing was on the market.
    currency: Currency,
    /// The member who sells or lets it.
    agent_id: Option<UserId>,
    /// The first day of the mandate.
    mandate_from: Option<Date>,
    /// The last day of the mandate.
    mandate_until: Option<Date>,
    /// The least that is taken for an offer, in percent of the price asked: 0 to 100; 90 where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    minimum_offer_percent: Option<i16>,
    /// How many hours ahead a viewing is asked for: 0 to 720; 0 where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "720")))]
    viewing_notice_hours: Option<i16>,
}

impl NewListing {
    fn checked(self) -> ApiResult<Self> {
        mandated(self.mandate_from, self.mandate_until)?;
        percent(self.minimum_offer_percent.unwrap_or_default())?;
        asked_ahead(self.viewing_notice_hours.unwrap_or_default())?;
        Ok(self)
    }
}

/// What to change in a listing. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ListingPatch {
    /// The price asked.
    price: Change<Amount>,
    /// The currency of the price; only as long as the listing is `incomplete`.
    currency: Change<Currency>,
    /// The member who sells or lets it.
    agent_id: MaybeUndefined<UserId>,
    /// The first day of the mandate.
    mandate_from: MaybeUndefined<Date>,
    /// The last day of the mandate.
    mandate_until: MaybeUndefined<Date>,
    /// The least that is taken for an offer, in percent of the price asked: 0 to 100.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    minimum_offer_percent: Change<i16>,
    /// How many hours ahead a viewing is asked for: 0 to 720.
    #[oai(validator(minimum(value = "0"), maximum(value = "720")))]
    viewing_notice_hours: Change<i16>,
}

impl ListingPatch {
    /// Applies it, and checks what comes out.
    fn apply(self, listing: &mut Listing) -> ApiResult<()> {
        let currency = listing.currency.clone();
        replace(&mut listing.price, self.price);
        replace(&mut listing.currency, self.currency);
        patch(&mut listing.agent_id, self.agent_id);
        patch(&mut listing.mandate_from, self.mandate_from);
        patch(&mut listing.mandate_until, self.mandate_until);
        replace(&mut listing.minimum_offer_percent, self.minimum_offer_percent);
        replace(&mut listing.viewing_notice_hours, self.viewing_notice_hours);
        mandated(listing.mandate_from, listing.mandate_until)?;
        percent(listing.minimum_offer_percent)?;
        asked_ahead(listing.viewing_notice_hours)?;
        if listing.currency != currency && listing.status != ListingStatus::Incomplete {
            return Err(ApiError::invalid().at("/currency", "it stays what it was when the listing came on the market"));
        }
        match listing.lacks() {
            lacks if lacks.is_empty() || !listing.status.needs_mandate() => Ok(()),
            lacks => Err(lacks.into_iter().fold(ApiError::invalid(), |error, (field, why)| error.at(field, why))),
        }
    }
}

impl Listing {
    /// What it lacks to be on the market, whatever day it is: each field and why.
    fn lacks(&self) -> Vec<(&'static str, &'static str)> {
        let needs = [
            (self.agent_id.is_none(), "/agent_id", "what is on the market has an agent"),
            (self.price.is_zero(), "/price", "what is on the market has a price above zero"),
            (self.mandate_from.is_none(), "/mandate_from", "what is on the market has a mandate"),
        ];
        needs.into_iter().filter(|(lacking, _, _)| *lacking).map(|(_, field, why)| (field, why)).collect()
    }

    /// Whether its mandate holds on a day.
    pub(crate) fn is_mandated_on(&self, day: Date) -> bool {
        self.mandate_from.is_some_and(|from| from <= day) && self.mandate_until.is_none_or(|until| day <= until)
    }

    /// The least that is taken for an offer.
    pub(crate) fn least_offer(&self) -> Amount {
        self.price.percent(self.minimum_offer_percent)
    }
}

fn mandated(from: Option<Date>, until: Option<Date>) -> ApiResult<()> {
    match (from, until) {
        (Some(from), Some(until)) if until < from => {
            Err(ApiError::invalid().at("/mandate_until", "not before the first day of the mandate"))
        }
        _ => Ok(()),
    }
}

fn percent(percent: i16) -> ApiResult<()> {
    match percent {
        0..=100 => Ok(()),
        _ => Err(ApiError::invalid().at("/minimum_offer_percent", "expected 0 to 100")),
    }
}

fn asked_ahead(hours: i16) -> ApiResult<()> {
    match hours {
        0..=720 => Ok(()),
        _ => Err(ApiError::invalid().at("/viewing_notice_hours", "expected 0 to 720 hours")),
    }
}

/// Where a listing is to go.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    /// Where to.
    status: ListingStatus,
    /// Why.
    reason: Option<Text<500>>,
}

criteria! {
    /// What listings are listed by.
    pub struct ListingFields of Listing in "listings" by "-created_at" {
        /// The property.
        property_id: PropertyId => [eq in];
        /// Whether it is for sale or to let.
        kind: ListingKind => [eq];
        /// Where it stands on the market.
        status: ListingStatus => [eq in ne];
        /// Who sells or lets it.
        agent_id: UserId => [eq in null];
        /// The price asked.
        price: Amount => [gt gte lt lte], sort numeric |listing| listing.price;
        /// The last day of the mandate.
        mandate_until: Date => [gt gte lt lte null], sort date nullable |listing| listing.mandate_until;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |listing| listing.created_at;
    }
}

//! Offers: what applicants would pay for what is on the market. One at most is accepted; the others wait for it to fall through.
//! An offer is its applicant's owner's: who does not reach the contact does not reach the offer.
//!
//! - this file: the offer, what a client may send, what a list is asked for; `source.rs`: what the descriptor says of them;
//! - `decide.rs`: accepting one and letting it fall through, which touches the others and the listing; `checks.rs`: what has to be so
//!   before;
//! - `expire.rs`: the job that ends them; `api.rs`: the operations; `store.rs`: the SQL.

mod api;
pub(crate) mod checks;
mod decide;
mod expire;
pub(crate) mod source;
pub(crate) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::value::{Amount, Currency, Date, Moment, Prose};
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

use crate::listings::ListingId;

pub use api::OffersApi;
pub(crate) use decide::fall_through;
pub(crate) use expire::expire;

record_id! {
    /// The id of an offer.
    OfferId
}

choice! {
    /// What has become of an offer.
    pub enum OfferStatus {
        /// It waits for an answer.
        Open = "open",
        /// It is the one.
        Accepted = "accepted",
        /// Who sells or lets does not want it.
        Refused = "refused",
        /// The applicant has taken it back.
        Withdrawn = "withdrawn",
        /// It was valid until a day that has passed.
        Expired = "expired",
        /// Another one was accepted; it is open again if that falls through.
        Parked = "parked",
        /// It was accepted, and came to nothing.
        FallenThrough = "fallen_through",
    }
}

/// What an applicant would pay.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// What it is for.
    pub listing_id: ListingId,
    /// The contact who makes it.
    pub applicant_id: ContactId,
    /// How much; for what is to let the rent for a month.
    pub amount: Amount,
    /// The currency, which is that of the listing.
    pub currency: Currency,
    /// The last day on which it can be accepted.
    pub valid_until: Date,
    /// What has become of it.
    pub status: OfferStatus,
    /// On what conditions.
    pub conditions: Option<Prose<10_000>>,
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

owned_row!(Offer in "offers" of "applicant_id" in "contacts" {
    id,
    listing_id,
    applicant_id,
    amount,
    currency,
    valid_until,
    status,
    conditions,
    created_at,
    updated_at,
    version
});

impl Versioned for Offer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl OfferStatus {
    /// Whether it may still be accepted, now or when another one falls through.
    pub(crate) const fn is_pending(self) -> bool {
        matches!(self, Self::Open | Self::Parked)
    }
}

/// An offer to make, for a listing that is on the market.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewOffer {
    /// What it is for.
    listing_id: ListingId,
    /// The contact who makes it.
    applicant_id: ContactId,
    /// How much, in the currency of the listing: above zero, and at least the part of the price that the listing says.
    amount: Amount,
    /// The last day on which it can be accepted.
    valid_until: Date,
    /// On what conditions.
    conditions: Option<Prose<10_000>>,
}

/// What to change in an offer that is open or parked. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct OfferPatch {
    /// How much.
    amount: Change<Amount>,
    /// The last day on which it can be accepted.
    valid_until: Change<Date>,
    /// On what conditions.
    conditions: MaybeUndefined<Prose<10_000>>,
}

impl OfferPatch {
    fn apply(self, offer: &mut Offer) {
        replace(&mut offer.amount, self.amount);
        replace(&mut offer.valid_until, self.valid_until);
        patch(&mut offer.conditions, self.conditions);
    }
}

criteria! {
    /// What offers are listed by.
    pub struct OfferFields of Offer in "offers" by "-created_at" {
        /// What it is for.
        listing_id: ListingId => [eq in];
        /// Who makes it.
        applicant_id: ContactId => [eq in];
        /// What has become of it.
        status: OfferStatus => [eq in ne];
        /// How much.
        amount: Amount => [gt gte lt lte], sort numeric |offer| offer.amount;
        /// The last day on which it can be accepted.
        valid_until: Date => [gt gte lt lte], sort date |offer| offer.valid_until;
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |offer| offer.created_at;
    }
}

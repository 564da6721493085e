//! What a listing has been through: each status and each price, who, when, why.

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::http::{Page, Paging};
use tenantry_core::tenancy::{Statement, records, statement};
use tenantry_core::value::{Amount, Currency, Text};
use tenantry_core::{record_id, row, sorts, sql};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Listing, ListingId, ListingStatus};

record_id! {
    /// The id of a step.
    StatusChangeId
}
record_id! {
    /// The id of a change of price.
    PriceChangeId
}

/// A step of a listing from one status to another.
#[derive(Debug, Serialize, Object)]
pub struct StatusChange {
    /// Its id.
    pub id: StatusChangeId,
    /// What it was before; null where the listing was made.
    pub from_status: Option<ListingStatus>,
    /// What it became.
    pub to_status: ListingStatus,
    /// Why.
    pub reason: Option<Text<500>>,
    /// Who changed it; null where it came by time.
    pub changed_by: Option<Uuid>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}
row!(StatusChange { id, from_status, to_status, reason, changed_by, changed_at });

/// A change of the price asked.
#[derive(Debug, Serialize, Object)]
pub struct PriceChange {
    /// Its id.
    pub id: PriceChangeId,
    /// The price before; null where the listing was made.
    pub from_price: Option<Amount>,
    /// The price from then on.
    pub to_price: Amount,
    /// The currency from then on.
    pub currency: Currency,
    /// Who changed it.
    pub changed_by: Option<Uuid>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}
row!(PriceChange { id, from_price, to_price, currency, changed_by, changed_at });

sorts! {
    /// How steps can be sorted.
    pub enum StatusChangeSort of StatusChange {
        ChangedAt | ChangedAtDesc: "changed_at" | "-changed_at" = timestamptz changed_at => |step| step.changed_at,
    }
}
sorts! {
    /// How changes of price can be sorted.
    pub enum PriceChangeSort of PriceChange {
        ChangedAt | ChangedAtDesc: "changed_at" | "-changed_at" = timestamptz changed_at => |change| change.changed_at,
    }
}

pub(super) fn of_status(listing: ListingId, paging: Paging<StatusChangeSort>) -> Statement<Page<StatusChange>> {
    paging.page(records(sql!("listing_status_changes")).filter(sql!("listing_id = $1"), Some(listing)))
}

pub(super) fn of_price(listing: ListingId, paging: Paging<PriceChangeSort>) -> Statement<Page<PriceChange>> {
    paging.page(records(sql!("listing_price_changes")).filter(sql!("listing_id = $1"), Some(listing)))
}

/// Notes where a listing has come to.
pub(super) fn note_status(
    listing: &Listing,
    from: Option<ListingStatus>,
    reason: Option<Text<500>>,
    by: Uuid,
) -> Statement<()> {
    statement(sql!(
        "INSERT INTO listing_status_changes (id, listing_id, from_status, to_status, reason, changed_by) ",
        "VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(StatusChangeId::new())
    .bind(listing.id)
    .bind(from)
    .bind(listing.status)
    .bind(reason)
    .bind(by)
    .done()
}

/// Notes what is asked for it.
pub(super) fn note_price(listing: &Listing, from: Option<Amount>, by: Uuid) -> Statement<()> {
    statement(sql!(
        "INSERT INTO listing_price_changes (id, listing_id, from_price, to_price, currency, changed_by) ",
        "VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(PriceChangeId::new())
    .bind(listing.id)
    .bind(from)
    .bind(listing.price)
    .bind(listing.currency.clone())
    .bind(by)
    .done()
}

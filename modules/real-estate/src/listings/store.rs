//! The SQL of listings.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Refusal, Statement, change, records, select, statement};

use super::{Listing, ListingId, ListingStatus, NewListing};

const ON_MARKET: Refusal = Refusal::InTheWay {
    code: "on_market_already",
    detail: "Another listing of this property, of the same kind, is on the market. Withdraw that first.",
};
const HAS_OFFERS: Refusal = Refusal::InTheWay {
    code: "withdraw_instead",
    detail: "Somebody has made an offer for it, or works on it, so it cannot go. Withdraw it instead.",
};
const WAS_SHOWN: Refusal = Refusal::InTheWay {
    code: "withdraw_instead",
    detail: "Somebody has asked to see it, so it cannot go. Delete its viewings and open houses first, or withdraw it instead.",
};

/// What is taken for an offer where nothing else is said, in percent of the price.
const LEAST_PERCENT: i16 = 90;

pub(super) fn list() -> List<Listing> {
    records(sql!("listings"))
}

pub(crate) fn find(id: ListingId) -> Statement<Option<Listing>> {
    select::<Listing>(sql!("FROM listings WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed. Whoever changes offers for it does so too,
/// before.
pub(crate) fn lock(id: ListingId) -> Statement<Option<Listing>> {
    select::<Listing>(sql!("FROM listings WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: ListingId, new: NewListing) -> Statement<Listing> {
    let NewListing {
        property_id,
        kind,
        price,
        currency,
        agent_id,
        mandate_from,
        mandate_until,
        minimum_offer_percent,
        viewing_notice_hours,
    } = new;
    change(sql!("listings"))
        .set(sql!("id"), id)
        .set(sql!("property_id"), property_id)
        .set(sql!("kind"), kind)
        .set(sql!("status"), ListingStatus::Incomplete)
        .set(sql!("price"), price)
        .set(sql!("currency"), currency)
        .set(sql!("agent_id"), agent_id)
        .set(sql!("mandate_from"), mandate_from)
        .set(sql!("mandate_until"), mandate_until)
        .set(sql!("minimum_offer_percent"), minimum_offer_percent.unwrap_or(LEAST_PERCENT))
        .set(sql!("viewing_notice_hours"), viewing_notice_hours.unwrap_or_default())
        .insert()
        .refused_by("listings_property_id_fkey", Refusal::Missing { pointer: "/property_id" })
}

pub(super) fn update(listing: Listing) -> Statement<Listing> {
    change(sql!("listings"))
        .set(sql!("price"), listing.price)
        .set(sql!("currency"), listing.currency)
        .set(sql!("agent_id"), listing.agent_id)
        .set(sql!("mandate_from"), listing.mandate_from)
        .set(sql!("mandate_until"), listing.mandate_until)
        .set(sql!("minimum_offer_percent"), listing.minimum_offer_percent)
        .set(sql!("viewing_notice_hours"), listing.viewing_notice_hours)
        .update(listing.id)
}

pub(super) fn set_status(id: ListingId, status: ListingStatus) -> Statement<Listing> {
    change(sql!("listings")).set(sql!("status"), status).update(id).refused_by("listings_on_market_key", ON_MARKET)
}

/// Its history and its parties go with it.
pub(super) fn delete(id: ListingId) -> Statement<()> {
    let delete = statement(sql!("DELETE FROM listings WHERE id = $1")).bind(id).done();
    delete
        .refused_by("offers_listing_id_fkey", HAS_OFFERS)
        .refused_by("viewings_listing_id_fkey", WAS_SHOWN)
        .refused_by("open_houses_listing_id_fkey", WAS_SHOWN)
}

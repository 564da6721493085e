//! What the descriptor says of listings, their history and their parties. A listing moves by its own rules, so nothing of it is
//! undone; who has a part in it is.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{ListingPartiesRead, ListingPartiesWrite, ListingsRead};

pub(crate) const LISTINGS: EventSource =
    EventSource { name: "listing", resource: "listings", read: &ListingsRead::INFO, undo: None };

pub(crate) const STATUS_CHANGES: EventSource = EventSource {
    name: "listing-status-change",
    resource: "listing_status_changes",
    read: &ListingsRead::INFO,
    undo: None,
};

pub(crate) const PRICE_CHANGES: EventSource = EventSource {
    name: "listing-price-change",
    resource: "listing_price_changes",
    read: &ListingsRead::INFO,
    undo: None,
};

pub(crate) const PARTIES: EventSource = EventSource {
    name: "listing-party",
    resource: "listing_parties",
    read: &ListingPartiesRead::INFO,
    undo: Some(Undoable {
        table: sql!("listing_parties"),
        columns: sql!("id, listing_id, contact_id, role, version, created_at, updated_at"),
        writes: &[&ListingPartiesWrite::INFO],
        refers: &[
            Refers { column: sql!("listing_id"), table: sql!("listings") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

//! What the descriptor says of offers: what happens to them is heard, and can be undone by who may accept them.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{OffersAccept, OffersRead, OffersWrite};

pub(crate) const OFFERS: EventSource = EventSource {
    name: "offer",
    resource: "offers",
    read: &OffersRead::INFO,
    undo: Some(Undoable {
        table: sql!("offers"),
        columns: sql!(
            "id, listing_id, applicant_id, amount, currency, valid_until, status, conditions, version, created_at, ",
            "updated_at"
        ),
        writes: &[&OffersWrite::INFO, &OffersAccept::INFO],
        refers: &[
            Refers { column: sql!("listing_id"), table: sql!("listings") },
            Refers { column: sql!("applicant_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[Refers { column: sql!("offer_id"), table: sql!("progressions") }],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

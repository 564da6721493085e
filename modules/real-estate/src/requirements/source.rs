//! What the descriptor says of requirements and interests: what happens to them is heard, and can be undone.

use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Text;

use super::RequirementStatus;
use crate::{RequirementsRead, RequirementsWrite};

pub(crate) const REQUIREMENTS: EventSource = EventSource {
    name: "requirement",
    resource: "requirements",
    read: &RequirementsRead::INFO,
    undo: Some(Undoable {
        table: sql!("requirements"),
        columns: sql!(
            "id, contact_id, title, kind, status, price_min, price_max, currency, rooms_min, size_min, types, areas, ",
            "version, created_at, updated_at"
        ),
        writes: &[&RequirementsWrite::INFO],
        refers: &[Refers { column: sql!("contact_id"), table: sql!("contacts") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[Settable::of::<Text<200>>("title"), Settable::of::<RequirementStatus>("status")],
    }),
};

pub(crate) const INTERESTS: EventSource = EventSource {
    name: "listing-interest",
    resource: "listing_interests",
    read: &RequirementsRead::INFO,
    undo: Some(Undoable {
        table: sql!("listing_interests"),
        columns: sql!("id, listing_id, requirement_id, contact_id, interest, version, created_at, updated_at"),
        writes: &[&RequirementsWrite::INFO],
        refers: &[
            Refers { column: sql!("listing_id"), table: sql!("listings") },
            Refers { column: sql!("requirement_id"), table: sql!("requirements") },
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

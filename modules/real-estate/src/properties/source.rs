//! What the descriptor says of properties: what happens to them is heard, and can be undone.

use tenantry_core::events::{EventSource, Refers, Settable, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;
use tenantry_core::value::Prose;

use super::PropertyStatus;
use crate::{PropertiesRead, PropertiesWrite};

pub(crate) const PROPERTIES: EventSource = EventSource {
    name: "property",
    resource: "properties",
    read: &PropertiesRead::INFO,
    undo: Some(Undoable {
        table: sql!("properties"),
        columns: sql!(
            "id, type, status, price, currency, street, postcode, city, country, rooms, living_area, description, ",
            "occupied, occupier_notice_hours, version, created_at, updated_at"
        ),
        writes: &[&PropertiesWrite::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[
            Refers { column: sql!("property_id"), table: sql!("documents") },
            Refers { column: sql!("property_id"), table: sql!("tenancies") },
            Refers { column: sql!("property_id"), table: sql!("open_houses") },
            Refers { column: sql!("property_id"), table: sql!("listings") },
        ],
        bound: None,
        follow: None,
        settable: &[Settable::of::<PropertyStatus>("status"), Settable::of::<Option<Prose<10_000>>>("description")],
    }),
};

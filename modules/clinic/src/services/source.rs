//! What the descriptor says of services and of who offers them.

use tenantry_core::events::{EventSource, Refers, Undoable};
use tenantry_core::permission::Permission as _;
use tenantry_core::sql;

use crate::{ClinicSetupRead, ClinicSetupWrite};

pub(crate) const SOURCE: EventSource = EventSource {
    name: "service",
    resource: "services",
    read: &ClinicSetupRead::INFO,
    undo: Some(Undoable {
        table: sql!("services"),
        columns: sql!(
            "id, name, duration_minutes, buffer_before_minutes, buffer_after_minutes, capacity, bookable_online, ",
            "min_notice_minutes, max_days_ahead, price, currency, fee_validity_days, fee_validity_visits, active, ",
            "version, created_at, updated_at"
        ),
        writes: &[&ClinicSetupWrite::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[
            Refers { column: sql!("service_id"), table: sql!("fee_charges") },
            Refers { column: sql!("service_id"), table: sql!("waitlist") },
            Refers { column: sql!("service_id"), table: sql!("appointments") },
        ],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

/// Who offers which service.
pub(crate) const OFFERS: EventSource = EventSource {
    name: "service-practitioner",
    resource: "service_practitioners",
    read: &ClinicSetupRead::INFO,
    undo: None,
};

//! The SQL of queues.

use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Statement, reached};
use time::OffsetDateTime;

use super::QueuePlace;
use crate::appointments::Appointment;
use crate::practitioners::PractitionerId;

/// Who waits for a practitioner with an appointment between two times.
pub(super) fn waiting(
    reach: Reach,
    practitioner: PractitionerId,
    from: OffsetDateTime,
    until: OffsetDateTime,
) -> Statement<Vec<QueuePlace>> {
    let waiting = sql!(
        "SELECT row_number() OVER (ORDER BY a.queue_number, a.id), a.queue_number, a.id, a.patient_id, a.starts_at, ",
        "a.checked_in_at FROM appointments_in_reach a WHERE a.practitioner_id = $1 AND a.status = 'checked-in' ",
        "AND a.starts_at >= $2 AND a.starts_at < $3 ORDER BY 1 LIMIT 500"
    );
    reached(reach).with::<Appointment>().statement(waiting).bind(practitioner).bind(from).bind(until).many()
}

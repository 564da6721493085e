//! The SQL of the waitlist.

use serde_json::json;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, many, owned, reached};
use tenantry_core::value::Moment;
use uuid::Uuid;

use super::{NewWaitlistEntry, WaitlistEntry, WaitlistId, WaitlistStatus};
use crate::appointments::{Appointment, AppointmentId};
use crate::patients::{Patient, PatientId};

pub(super) fn list(reach: Reach) -> List<WaitlistEntry> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: WaitlistId) -> Statement<Option<WaitlistEntry>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: WaitlistId) -> Statement<Option<WaitlistEntry>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, new: NewWaitlistEntry) -> Statement<WaitlistEntry> {
    let NewWaitlistEntry { patient_id, service_id, practitioner_id, earliest_at, latest_at, priority } = new;
    owned(reach)
        .change()
        .set(sql!("id"), WaitlistId::new())
        .set(sql!("patient_id"), patient_id)
        .set(sql!("service_id"), service_id)
        .set(sql!("practitioner_id"), practitioner_id)
        .set(sql!("earliest_at"), earliest_at)
        .set(sql!("latest_at"), latest_at)
        .set(sql!("priority"), priority.unwrap_or(0))
        .set(sql!("status"), WaitlistStatus::Waiting)
        .insert()
        .refused_by("waitlist_service_id_fkey", Refusal::Missing { pointer: "/service_id" })
        .refused_by("waitlist_practitioner_id_fkey", Refusal::Missing { pointer: "/practitioner_id" })
}

/// Notes what came of an offer: the time was taken, or it was not and the patient waits on.
pub(crate) fn settle(reach: Reach, id: WaitlistId, status: WaitlistStatus) -> Statement<()> {
    let row = json!({ "id": id, "status": status });
    let columns: &[_] = match status {
        WaitlistStatus::Booked => &[sql!("status"), sql!("offered_until")],
        _ => &[sql!("status"), sql!("offered_until"), sql!("appointment_id")],
    };
    many::<WaitlistEntry>(reach).update(columns, vec![row]).map(|_| ())
}

/// The same of many whose offers are over.
pub(super) fn wait_on(reach: Reach, ids: &[WaitlistId]) -> Statement<()> {
    let row = |id: &WaitlistId| json!({ "id": id, "status": WaitlistStatus::Waiting });
    let columns = [sql!("status"), sql!("offered_until"), sql!("appointment_id")];
    many::<WaitlistEntry>(reach).update(&columns, ids.iter().map(row).collect()).map(|_| ())
}

/// Takes a patient off the waitlist.
pub(super) fn cancel(reach: Reach, id: WaitlistId) -> Statement<WaitlistEntry> {
    owned(reach)
        .change()
        .set(sql!("status"), WaitlistStatus::Cancelled)
        .set(sql!("offered_until"), None::<Moment>)
        .set(sql!("appointment_id"), None::<AppointmentId>)
        .update(id)
}

/// Notes what is offered, and until when.
pub(super) fn offer(
    reach: Reach,
    id: WaitlistId,
    appointment: AppointmentId,
    until: Option<Moment>,
) -> Statement<WaitlistEntry> {
    owned(reach)
        .change()
        .set(sql!("status"), WaitlistStatus::Offered)
        .set(sql!("appointment_id"), appointment)
        .set(sql!("offered_until"), until)
        .update(id)
}

/// Appointments whose time has become free, the first of them first.
pub(super) fn freed(reach: Reach, most: i64) -> Statement<Vec<(Uuid,)>> {
    let freed = sql!("SELECT a.id FROM appointments_in_reach a WHERE a.freed ORDER BY a.starts_at, a.id LIMIT $1");
    reached(reach).with::<Appointment>().statement(freed).bind(most).many()
}

/// The first who wait for a time such as this one and were not asked about it already.
pub(super) fn fitting(reach: Reach, of: &Appointment, most: i64) -> Statement<Vec<(WaitlistId, PatientId)>> {
    let fitting = sql!(
        "SELECT w.id, w.patient_id FROM waitlist_in_reach w JOIN patients_in_reach p ON p.id = w.patient_id ",
        "WHERE w.service_id = $1 AND w.status = 'waiting' AND p.status = 'active' AND w.earliest_at <= $2 ",
        "AND w.latest_at >= $3 AND (w.practitioner_id = $4 OR w.practitioner_id IS NULL) AND w.patient_id <> $5 ",
        "AND NOT EXISTS (SELECT 1 FROM appointments_in_reach a WHERE a.waitlist_id = w.id AND a.starts_at = $2 ",
        "AND a.practitioner_id = $4) ORDER BY w.priority DESC, w.created_at, w.id LIMIT $6"
    );
    reached(reach)
        .with::<WaitlistEntry>()
        .with::<Patient>()
        .with::<Appointment>()
        .statement(fitting)
        .bind(of.service_id)
        .bind(of.starts_at)
        .bind(of.ends_at)
        .bind(of.practitioner_id)
        .bind(of.patient_id)
        .bind(most)
        .many()
}

//! The SQL of appointments. Whoever changes one has locked it before.

use serde_json::{Value, json};
use tenantry_core::calendar::{Booking, BookingId, ResourceId, SeriesId, make_resources};
use tenantry_core::calendar::{NewResource, ResourceKind};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::sql;
use tenantry_core::tenancy::{Fragment, List, Reach, Refusal, Statement, TenantTx, many, owned, reached, statement};
use tenantry_core::value::{Moment, Text};
use time::OffsetDateTime;
use uuid::Uuid;

use super::desk::Draft;
use super::wanted::Takes;
use super::{Appointment, AppointmentId, AppointmentStatus, remind};
use crate::MODULE;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;

/// How many a list that is no page shows at most.
const MOST: i64 = 500;

pub(super) fn list(reach: Reach) -> List<Appointment> {
    owned(reach).list()
}

pub(crate) fn find(reach: Reach, id: AppointmentId) -> Statement<Option<Appointment>> {
    owned(reach).find(id)
}

pub(crate) fn lock(reach: Reach, id: AppointmentId) -> Statement<Option<Appointment>> {
    owned(reach).lock(id)
}

/// Writes an appointment down with the booking that takes its time, and until when that is held.
pub(super) fn insert(
    reach: Reach,
    draft: Draft,
    booking: Option<(BookingId, Option<Moment>)>,
) -> Statement<Appointment> {
    let Draft { id, takes, period, status, hold_minutes: _, online, overbook_reason, waitlist } = draft;
    let (booking_id, held_until) = booking.unzip();
    let remind_at = (status == AppointmentStatus::Booked).then(|| remind::when(period.starts_at)).flatten();
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("patient_id"), takes.patient)
        .set(sql!("service_id"), takes.service)
        .set(sql!("practitioner_id"), takes.practitioner)
        .set(sql!("room_id"), takes.room)
        .set(sql!("device_id"), takes.device)
        .set(sql!("status"), status)
        .set(sql!("starts_at"), period.starts_at)
        .set(sql!("ends_at"), period.ends_at)
        .set(sql!("buffer_before_minutes"), takes.around.0)
        .set(sql!("buffer_after_minutes"), takes.around.1)
        .set(sql!("places"), takes.places)
        .set(sql!("held_until"), held_until.flatten())
        .set(sql!("online"), online)
        .set(sql!("overbook_reason"), overbook_reason)
        .set(sql!("booking_id"), booking_id)
        .set(sql!("waitlist_id"), waitlist)
        .set(sql!("remind_at"), remind_at)
        .insert()
        .refused_by("appointments_patient_id_fkey", Refusal::Missing { pointer: "/patient_id" })
}

/// Writes down where an appointment has gone.
pub(super) fn moved(reach: Reach, appointment: Appointment) -> Statement<Appointment> {
    owned(reach)
        .change()
        .set(sql!("practitioner_id"), appointment.practitioner_id)
        .set(sql!("room_id"), appointment.room_id)
        .set(sql!("device_id"), appointment.device_id)
        .set(sql!("starts_at"), appointment.starts_at)
        .set(sql!("ends_at"), appointment.ends_at)
        .set(sql!("overbook_reason"), appointment.overbook_reason)
        .set(sql!("remind_at"), appointment.remind_at)
        .set(sql!("reminded_at"), appointment.reminded_at)
        .update(appointment.id)
}

/// Writes down how an appointment stands, with what goes with that, and whether its time is `freed` for somebody on the waitlist.
pub(super) fn stand(reach: Reach, appointment: Appointment, freed: bool) -> Statement<Appointment> {
    owned(reach)
        .change()
        .set(sql!("status"), appointment.status)
        .set(sql!("room_id"), appointment.room_id)
        .set(sql!("device_id"), appointment.device_id)
        .set(sql!("held_until"), appointment.held_until)
        .set(sql!("booking_id"), appointment.booking_id)
        .set(sql!("cancel_reason"), appointment.cancel_reason)
        .set(sql!("arrived_at"), appointment.arrived_at)
        .set(sql!("checked_in_at"), appointment.checked_in_at)
        .set(sql!("queue_number"), appointment.queue_number)
        .set(sql!("remind_at"), appointment.remind_at)
        .set(sql!("freed"), freed)
        .update(appointment.id)
}

/// Says that the time of an appointment is free again, for somebody on the waitlist; or that it is not any more.
pub(crate) fn freed(reach: Reach, ids: &[AppointmentId], is_freed: bool) -> Statement<()> {
    set_all(reach, &[sql!("freed")], ids.iter().map(|id| json!({ "id": id, "freed": is_freed })).collect())
}

/// Changes many by one statement.
pub(crate) fn set_all(reach: Reach, columns: &[Fragment], rows: Vec<Value>) -> Statement<()> {
    many::<Appointment>(reach).update(columns, rows).map(|_| ())
}

/// The room and the device of those who come to a practitioner for the same at the same time, where anybody does.
pub(super) fn mates(takes: &Takes, starts_at: OffsetDateTime) -> Statement<Option<(Option<RoomId>, Option<RoomId>)>> {
    // Whoever may see none of them comes to the same room.
    let mates = reached(Reach::of_consequences()).with::<Appointment>().statement(sql!(
        "SELECT room_id, device_id FROM appointments_in_reach WHERE practitioner_id = $1 AND starts_at = $2 AND service_id = $3 ",
        "AND status NOT IN ('proposed', 'cancelled', 'noshow', 'entered-in-error') ",
        "AND (held_until > now() OR status NOT IN ('pending', 'waitlist')) ORDER BY room_id IS NULL, device_id IS NULL, id LIMIT 1"
    ));
    mates.bind(takes.practitioner).bind(starts_at).bind(takes.service).optional()
}

/// Whether a patient has an appointment to come.
pub(crate) fn to_come(patient: PatientId) -> Statement<bool> {
    let to_come = reached(Reach::of_consequences()).with::<Appointment>().statement(sql!(
        "SELECT 1 FROM appointments_in_reach WHERE patient_id = $1 AND starts_at > now() ",
        "AND (status IN ('booked', 'arrived', 'checked-in') OR status IN ('pending', 'waitlist') AND held_until > now()) LIMIT 1"
    ));
    to_come.bind(patient).any()
}

/// Whether two patients have appointments to come at the same time.
pub(crate) fn overlap(one: PatientId, other: PatientId) -> Statement<bool> {
    let both = reached(Reach::of_consequences()).with::<Appointment>().statement(sql!(
        "SELECT 1 FROM appointments_in_reach a JOIN appointments_in_reach b ON a.starts_at < b.ends_at AND b.starts_at < a.ends_at ",
        "WHERE a.patient_id = $1 AND b.patient_id = $2 AND a.starts_at > now() AND b.starts_at > now() ",
        "AND a.status IN ('pending', 'booked', 'waitlist', 'arrived', 'checked-in') ",
        "AND b.status IN ('pending', 'booked', 'waitlist', 'arrived', 'checked-in') ",
        "AND (a.held_until > now() OR a.status NOT IN ('pending', 'waitlist')) ",
        "AND (b.held_until > now() OR b.status NOT IN ('pending', 'waitlist')) LIMIT 1"
    ));
    both.bind(one).bind(other).any()
}

/// Those that are held for longer than they may be, locked.
pub(crate) fn over(reach: Reach) -> Statement<Vec<Appointment>> {
    let over = sql!("status IN ('pending', 'waitlist') AND held_until <= $1");
    many(reach).lock_where(over, OffsetDateTime::now_utc())
}

/// Those that are booked and were to be over by a time, locked.
pub(super) fn missed(reach: Reach, by: OffsetDateTime) -> Statement<Vec<Appointment>> {
    many(reach).lock_where(sql!("status = 'booked' AND ends_at < $1"), by)
}

/// Makes the appointments of a series, of its bookings.
pub(super) fn insert_series(reach: Reach, draft: &Draft, series: SeriesId, bookings: &[Booking]) -> Statement<()> {
    let columns = [
        sql!("patient_id"),
        sql!("service_id"),
        sql!("practitioner_id"),
        sql!("room_id"),
        sql!("device_id"),
        sql!("status"),
        sql!("starts_at"),
        sql!("ends_at"),
        sql!("buffer_before_minutes"),
        sql!("buffer_after_minutes"),
        sql!("places"),
        sql!("online"),
        sql!("overbook_reason"),
        sql!("booking_id"),
        sql!("series_id"),
        sql!("remind_at"),
        sql!("freed"),
        sql!("version"),
        sql!("created_at"),
        sql!("updated_at"),
    ];
    let now = text(OffsetDateTime::now_utc());
    let row = |booking: &Booking| {
        json!({
            "id": AppointmentId::new(), "patient_id": draft.takes.patient, "service_id": draft.takes.service,
            "practitioner_id": draft.takes.practitioner, "room_id": draft.takes.room, "device_id": draft.takes.device,
            "status": draft.status, "starts_at": booking.starts_at, "ends_at": booking.ends_at,
            "buffer_before_minutes": draft.takes.around.0, "buffer_after_minutes": draft.takes.around.1,
            "places": draft.takes.places, "online": draft.online, "overbook_reason": draft.overbook_reason, "booking_id": booking.id,
            "series_id": series, "remind_at": remind::when(booking.period().starts_at), "freed": false, "version": 1,
            "created_at": now, "updated_at": now,
        })
    };
    many::<Appointment>(reach).insert(&columns, bookings.iter().map(row).collect())
}

/// A time as JSON has it.
pub(super) fn text(at: OffsetDateTime) -> Option<Moment> {
    Moment::try_from(at).ok()
}

/// The appointments of a series, the first of them first.
pub(super) fn of_series(reach: Reach, series: SeriesId) -> Statement<Vec<Appointment>> {
    list(reach).filter(sql!("series_id = $1"), Some(series)).first(sql!("ORDER BY starts_at, id"), MOST)
}

/// Those that these bookings are of, locked.
pub(super) fn of_bookings(reach: Reach, bookings: Vec<Uuid>) -> Statement<Vec<Appointment>> {
    many(reach).lock_where(sql!("booking_id = ANY ($1)"), bookings)
}

/// Those that stand where it has become closed since: leave, a holiday, a room that is closed.
pub(super) fn to_rebook(reach: Reach, practitioner: Option<PractitionerId>) -> Statement<Vec<Appointment>> {
    let closed = sql!(
        "status IN ('pending', 'booked', 'waitlist') AND starts_at > $1 AND EXISTS (SELECT 1 FROM calendar_exceptions e ",
        "WHERE e.kind = 'closed' AND tstzrange(e.starts_at, e.ends_at) && tstzrange(appointments.starts_at, appointments.ends_at) ",
        "AND (e.resource_id IS NULL OR e.resource_id IN (practitioner_id, room_id, device_id)) ",
        "AND (appointments.overbook_reason IS NULL OR e.created_at > appointments.created_at))"
    );
    list(reach)
        .filter(closed, Some(OffsetDateTime::now_utc()))
        .filter(sql!("practitioner_id = $1"), practitioner)
        .first(sql!("ORDER BY starts_at, id"), MOST)
}

/// The next number of a practitioner on a day. Nobody else gets one before this transaction has ended.
pub(super) fn next_number(practitioner: PractitionerId, day: time::Date) -> Statement<i32> {
    let next = sql!(
        "INSERT INTO queue_counters AS c (id, practitioner_id, day, last) VALUES ($1, $2, $3, 1) ",
        "ON CONFLICT (practitioner_id, day) DO UPDATE SET last = c.last + 1 RETURNING c.last"
    );
    let next = statement(next).bind(Uuid::now_v7()).bind(practitioner).bind(day);
    next.one::<(i32,)>().map(|(number,)| number)
}

/// The resources of the calendar that are a patient's: one of its own, and those of patients who were merged into it. The first is made
/// where there is none. It has an id and a name that say nothing of whose it is.
pub(super) async fn resources_of(tx: &mut TenantTx, patient: PatientId) -> ApiResult<Vec<ResourceId>> {
    let known = tx.run(known_resources(patient)).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    let id = tx.run(own_resource(patient)).await?;
    let name = Text::parse("Patient").map_err(|_| ApiError::internal())?;
    tx.run(make_resources(MODULE, vec![(id, NewResource::of_module(name, ResourceKind::Other))])).await?;
    tx.run(keep_resource(patient, id)).await?;
    Ok(vec![id])
}

/// At most six: a booking takes ten, and the others are the practitioner, a room and a device.
fn known_resources(patient: PatientId) -> Statement<Vec<ResourceId>> {
    let known = sql!("SELECT id FROM patient_resources WHERE patient_id = $1 ORDER BY id LIMIT 6");
    statement(known).bind(patient).many::<(ResourceId,)>().map(|rows| rows.into_iter().map(|(id,)| id).collect())
}

/// The id of a patient's own resource: always the same, so that two who make it at once make one.
fn own_resource(patient: PatientId) -> Statement<ResourceId> {
    statement(sql!("SELECT md5('calendar of ' || $1::uuid)::uuid")).bind(patient).one().map(|(id,)| id)
}

fn keep_resource(patient: PatientId, id: ResourceId) -> Statement<()> {
    let keep = sql!("INSERT INTO patient_resources (id, patient_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING");
    statement(keep).bind(id).bind(patient).done()
}

/// Refuses an appointment that is not this patient's, as one that does not exist.
///
/// # Errors
/// 404 at `/appointment_id`.
pub(crate) async fn expect_of(
    tx: &mut TenantTx,
    reach: Reach,
    id: Option<AppointmentId>,
    patient: PatientId,
) -> ApiResult<()> {
    let Some(id) = id else { return Ok(()) };
    let found = tx.run(find(reach, id)).await?.filter(|appointment| appointment.patient_id == patient);
    found
        .map(|_| ())
        .ok_or_else(|| ApiError::not_found().at("/appointment_id", "there is no such record of this patient"))
}

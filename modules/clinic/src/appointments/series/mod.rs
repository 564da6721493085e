//! Series of appointments: by a rule, at the same time by the clock on the wall; all of them, or none.

mod api;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenantry_core::calendar::{self, Booking, BookingId, Period, SeriesId, Wanted, Which};
use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::{Moment, Text, TimeZone};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use api::AppointmentSeriesApi;

use super::desk::{self, Draft};
use super::status::wrong;
use super::wanted::{self, Takes};
use super::{Appointment, AppointmentId, AppointmentStatus, remind, store};
use crate::MODULE;
use crate::patients::{self, PatientId};
use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;
use crate::services::ServiceId;

/// A series of appointments to book.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewAppointmentSeries {
    /// Who comes.
    patient_id: PatientId,
    /// For what.
    service_id: ServiceId,
    /// To whom; somebody who offers the service.
    practitioner_id: PractitionerId,
    /// In which room.
    room_id: Option<RoomId>,
    /// With which device.
    device_id: Option<RoomId>,
    /// When the first one begins; not in the past.
    starts_at: Moment,
    /// How they come again, as RFC 5545 has it: `FREQ=WEEKLY;COUNT=10`; at most 100 times.
    rule: Text<200>,
    /// Where the clock stands by which they come again; as the practitioner's where it is left out.
    time_zone: Option<TimeZone>,
    /// Why they are to stand where it is not free. It takes `appointments.overbook`.
    overbook_reason: Option<Text<500>>,
}

/// A series of appointments.
#[derive(Debug, Serialize, Object)]
pub struct AppointmentSeries {
    /// Its id, by which its appointments are listed.
    pub id: SeriesId,
    /// The rule by which it was made.
    pub rule: Text<200>,
    /// Where the clock stands by which it comes again.
    pub time_zone: TimeZone,
    /// The appointments, the first of them first; at most 100.
    pub items: Vec<Appointment>,
}

/// Appointments of a series that were changed.
#[derive(Debug, Serialize, Object)]
pub struct SeriesAppointments {
    /// The appointments, the first of them first.
    pub items: Vec<Appointment>,
}

/// Where appointments of a series go.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AppointmentSeriesMove {
    /// Which: this one and those behind it, or all that are to come.
    which: Which,
    /// When this one begins from then on. The others move by as many days and hours on the wall.
    starts_at: Moment,
}

/// Which appointments of a series are cancelled.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AppointmentSeriesCancellation {
    /// Which: this one and those behind it, or all that are to come.
    which: Which,
    /// Why.
    reason: Text<500>,
}

/// Books a series. Whatever is in the way of one is told before anything is written.
async fn create(tx: &mut TenantTx, reach: Reach, new: NewAppointmentSeries, by: Uuid) -> ApiResult<AppointmentSeries> {
    let NewAppointmentSeries { rule, time_zone, starts_at, overbook_reason, .. } = &new;
    patients::open_by(tx, reach, new.patient_id).await?;
    let service = wanted::service(tx, new.service_id, new.practitioner_id).await?;
    let period = desk::period(*starts_at, Duration::minutes(service.duration_minutes.into()))?;
    let mut takes = Takes::of(&service, new.patient_id, new.practitioner_id);
    let (room, device) = takes.mates(tx, period.starts_at).await?;
    (takes.room, takes.device) = (new.room_id.or(room), new.device_id.or(device));
    let first = Wanted {
        id: BookingId::new(),
        title: desk::title()?,
        note: None,
        period,
        needs: takes.needs(tx).await?,
        hold_minutes: None,
        overbook_reason: desk::reason(overbook_reason.as_ref())?,
        series_id: None,
        module: Some(MODULE),
        by: Some(by),
    };
    let (id, time_zone, bookings) = calendar::book_series(tx, first, rule, time_zone.clone()).await?;
    let draft = Draft {
        id: AppointmentId::new(),
        takes,
        period,
        status: AppointmentStatus::Booked,
        hold_minutes: None,
        online: false,
        overbook_reason: overbook_reason.clone(),
        waitlist: None,
    };
    tx.run(store::insert_series(reach, &draft, id, &bookings)).await?;
    let items = tx.run(store::of_series(reach, id)).await?;
    Ok(AppointmentSeries { id, rule: new.rule, time_zone, items })
}

/// The booking of an appointment of a series, which is locked and may be changed.
async fn booked(
    tx: &mut TenantTx,
    reach: Reach,
    id: AppointmentId,
    version: &IfMatchGiven,
) -> ApiResult<(BookingId, Appointment)> {
    let appointment = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    appointment.expect_given(version)?;
    if appointment.series_id.is_none() {
        let detail = "This appointment is of no series. Change it alone.";
        return Err(ApiError::conflict("not_a_series", detail));
    }
    if appointment.status != AppointmentStatus::Booked {
        let status = appointment.status.as_str();
        return Err(wrong(format!("This appointment is `{status}`. Choose one of the series that is booked.")));
    }
    Ok((appointment.booking_id.ok_or_else(ApiError::internal)?, appointment))
}

/// Moves an appointment, and with it others of its series.
async fn reschedule(
    tx: &mut TenantTx,
    reach: Reach,
    id: AppointmentId,
    to: AppointmentSeriesMove,
    version: &IfMatchGiven,
) -> ApiResult<SeriesAppointments> {
    let (booking, appointment) = booked(tx, reach, id, version).await?;
    let period: Period = desk::period(to.starts_at, appointment.length())?;
    let bookings = calendar::move_series(tx, booking, to.which, period, |_| Ok(())).await?;
    let found = tx.run(store::of_bookings(reach, ids(&bookings))).await?;
    let row = |appointment: &Appointment| {
        let booking = bookings.iter().find(|booking| Some(booking.id) == appointment.booking_id)?;
        let remind_at = remind::when(booking.period().starts_at);
        Some(json!({
            "id": appointment.id, "starts_at": booking.starts_at, "ends_at": booking.ends_at, "remind_at": remind_at,
        }))
    };
    let columns = [sql!("starts_at"), sql!("ends_at"), sql!("remind_at"), sql!("reminded_at")];
    tx.run(store::set_all(reach, &columns, found.iter().filter_map(row).collect())).await?;
    changed(tx, reach, &bookings).await
}

/// Cancels an appointment, and with it others of its series.
async fn cancel(
    tx: &mut TenantTx,
    reach: Reach,
    id: AppointmentId,
    asked: AppointmentSeriesCancellation,
    version: &IfMatchGiven,
) -> ApiResult<SeriesAppointments> {
    let (booking, _) = booked(tx, reach, id, version).await?;
    let bookings = calendar::cancel_series(tx, booking, asked.which, |_| Ok(())).await?;
    let found = tx.run(store::of_bookings(reach, ids(&bookings))).await?;
    let now = OffsetDateTime::now_utc();
    let row = |appointment: &Appointment| {
        json!({
            "id": appointment.id, "status": AppointmentStatus::Cancelled, "cancel_reason": asked.reason,
            "freed": OffsetDateTime::from(appointment.starts_at) > now,
        })
    };
    let columns = [sql!("status"), sql!("cancel_reason"), sql!("remind_at"), sql!("freed")];
    tx.run(store::set_all(reach, &columns, found.iter().map(row).collect())).await?;
    changed(tx, reach, &bookings).await
}

async fn changed(tx: &mut TenantTx, reach: Reach, bookings: &[Booking]) -> ApiResult<SeriesAppointments> {
    let mut items = tx.run(store::of_bookings(reach, ids(bookings))).await?;
    items.sort_by_key(|appointment| (appointment.starts_at, appointment.id.as_uuid()));
    Ok(SeriesAppointments { items })
}

fn ids(bookings: &[Booking]) -> Vec<Uuid> {
    bookings.iter().map(|booking| booking.id.as_uuid()).collect()
}

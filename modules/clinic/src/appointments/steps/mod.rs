//! What becomes of an appointment: confirmed, arrived, checked in, fulfilled, cancelled, missed, a mistake; and back, by privilege.

mod api;

pub use api::StepsApi;

use tenantry_core::calendar;
use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::notify::time_zone;
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::{Clock, Moment, Text};
use time::OffsetDateTime;
use uuid::Uuid;

use super::status::wrong;
use super::{Appointment, AppointmentId, AppointmentStatus, desk, remind, store};
use crate::{patients, waitlist};

/// Takes an appointment to another status. One that stands so already stays as it is.
///
/// # Errors
/// 404, 412, 409 `wrong_status` where no way leads there and `appointment_to_come` where it is too soon; those of the calendar where it is confirmed.
pub(crate) async fn go(
    tx: &mut TenantTx,
    reach: Reach,
    id: AppointmentId,
    to: AppointmentStatus,
    reason: Option<Text<500>>,
    version: Option<&IfMatchGiven>,
) -> ApiResult<Appointment> {
    if to == AppointmentStatus::Booked {
        open(tx, reach, id).await?;
    }
    let appointment = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    version.map_or(Ok(()), |version| appointment.expect_given(version))?;
    if appointment.status == to {
        return Ok(appointment);
    }
    appointment.status.expect_way(to)?;
    if let Some(detail) = too_soon(tx, &appointment, to).await? {
        return Err(ApiError::conflict("appointment_to_come", detail));
    }
    step(tx, reach, appointment, to, reason).await
}

/// Locks the patient of an appointment, as whoever books does, and refuses one whose record is not in use.
async fn open(tx: &mut TenantTx, reach: Reach, id: AppointmentId) -> ApiResult<()> {
    let appointment = tx.run(store::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    patients::open(tx, reach, appointment.patient_id).await.map(|_| ())
}

/// Why it is too soon for a step: nobody has missed what has not begun, nor come to what is on a later day.
async fn too_soon(
    tx: &mut TenantTx,
    appointment: &Appointment,
    to: AppointmentStatus,
) -> ApiResult<Option<&'static str>> {
    let (starts_at, now) = (OffsetDateTime::from(appointment.starts_at), OffsetDateTime::now_utc());
    match to {
        AppointmentStatus::NoShow if starts_at > now => {
            Ok(Some("This appointment is still to come, so nobody has missed it. Cancel it instead."))
        }
        AppointmentStatus::Arrived | AppointmentStatus::CheckedIn | AppointmentStatus::Fulfilled if starts_at > now => {
            let clock = Clock::of_or_utc(&tx.run(time_zone()).await?);
            let detail = "This appointment is on a later day. Move it where the patient comes sooner.";
            Ok((clock.day(starts_at) > clock.day(now)).then_some(detail))
        }
        _ => Ok(None),
    }
}

/// Takes an appointment that is locked a step that it may take.
async fn step(
    tx: &mut TenantTx,
    reach: Reach,
    mut appointment: Appointment,
    to: AppointmentStatus,
    reason: Option<Text<500>>,
) -> ApiResult<Appointment> {
    let was = appointment.status;
    match to {
        AppointmentStatus::Booked => {
            confirm(tx, &mut appointment).await?;
            if let Some(entry) = appointment.waitlist_id {
                tx.run(waitlist::settle(reach, entry, waitlist::WaitlistStatus::Booked)).await?;
            }
        }
        AppointmentStatus::Arrived => appointment.arrived_at = Some(now()?),
        AppointmentStatus::CheckedIn => check_in(tx, &mut appointment).await?,
        AppointmentStatus::Cancelled | AppointmentStatus::NoShow | AppointmentStatus::EnteredInError => {
            if let Some(booking) = appointment.booking_id {
                calendar::cancel(tx, booking, |_| Ok(())).await?;
            }
            if let Some(entry) = appointment.waitlist_id.filter(|_| was == AppointmentStatus::Waitlist) {
                tx.run(waitlist::settle(reach, entry, waitlist::WaitlistStatus::Waiting)).await?;
            }
            appointment.cancel_reason = reason;
            (appointment.held_until, appointment.remind_at) = (None, None);
        }
        _ => {}
    }
    appointment.status = to;
    // Its time may be somebody's on the waitlist.
    let freed = was.blocks() && !to.blocks() && OffsetDateTime::from(appointment.starts_at) > OffsetDateTime::now_utc();
    Ok(tx.run(store::stand(reach, appointment, freed)).await?)
}

/// Makes a booking of what was held or suggested.
async fn confirm(tx: &mut TenantTx, appointment: &mut Appointment) -> ApiResult<()> {
    match appointment.booking_id {
        Some(booking) => {
            calendar::confirm(tx, booking, |_| Ok(())).await?;
        }
        None => {
            appointment.join(tx).await?;
            let reason = appointment.overbook_reason.as_ref();
            let booked = desk::book(tx, &appointment.takes(), appointment.period(), None, reason, None).await?;
            appointment.booking_id = Some(booked.id);
        }
    }
    appointment.held_until = None;
    appointment.remind_at = remind::when(appointment.starts_at.into());
    Ok(())
}

/// Gives a patient a number of the practitioner's day.
async fn check_in(tx: &mut TenantTx, appointment: &mut Appointment) -> ApiResult<()> {
    let at = now()?;
    let zone = tx.run(time_zone()).await?;
    let day = Clock::of_or_utc(&zone).day(appointment.starts_at.into());
    appointment.queue_number = Some(tx.run(store::next_number(appointment.practitioner_id, day)).await?);
    appointment.checked_in_at = Some(at);
    appointment.arrived_at = appointment.arrived_at.or(Some(at));
    Ok(())
}

/// Notes that an appointment has taken place, if it has not been noted and nothing else was. It is signed what came of it, so it has even
/// where its day is still to come.
pub(crate) async fn fulfil(tx: &mut TenantTx, reach: Reach, id: AppointmentId) -> ApiResult<()> {
    let Some(appointment) = tx.run(store::lock(reach, id)).await? else { return Ok(()) };
    if appointment.status.leads_to(AppointmentStatus::Fulfilled) {
        step(tx, reach, appointment, AppointmentStatus::Fulfilled, None).await?;
    }
    Ok(())
}

/// Brings an appointment back to `booked`. One that is to come takes its time again, where that is free.
async fn reset(
    tx: &mut TenantTx,
    reach: Reach,
    id: AppointmentId,
    version: &IfMatchGiven,
    by: Uuid,
) -> ApiResult<Appointment> {
    open(tx, reach, id).await?;
    let mut appointment = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    appointment.expect_given(version)?;
    if appointment.status == AppointmentStatus::Booked {
        return Ok(appointment);
    }
    if !appointment.status.can_reset() {
        let status = appointment.status.as_str();
        return Err(wrong(format!("An appointment that is `{status}` is not reset. Confirm it instead.")));
    }
    let is_to_come = OffsetDateTime::from(appointment.starts_at) > OffsetDateTime::now_utc();
    if is_to_come && !appointment.status.blocks() {
        appointment.join(tx).await?;
        let reason = appointment.overbook_reason.as_ref();
        let booked = desk::book(tx, &appointment.takes(), appointment.period(), None, reason, Some(by)).await?;
        appointment.booking_id = Some(booked.id);
    }
    appointment.status = AppointmentStatus::Booked;
    (appointment.cancel_reason, appointment.held_until, appointment.queue_number) = (None, None, None);
    (appointment.arrived_at, appointment.checked_in_at) = (None, None);
    appointment.remind_at = match appointment.reminded_at {
        Some(_) => None,
        None => remind::when(appointment.starts_at.into()),
    };
    Ok(tx.run(store::stand(reach, appointment, false)).await?)
}

fn now() -> ApiResult<Moment> {
    desk::moment(OffsetDateTime::now_utc())
}

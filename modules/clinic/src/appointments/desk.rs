//! The desk: making and moving appointments. Whose time it takes is booked in the calendar by the same transaction, so nobody's is taken
//! twice, and who comes second hears what is free.

use tenantry_core::calendar::{self, BookingId, Period, To, Wanted};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::{Moment, Text};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::status::wrong;
use super::wanted::{self, Takes};
use super::{Appointment, AppointmentId, AppointmentMove, AppointmentStatus, NewAppointment, remind, store};
use crate::MODULE;
use crate::patients::{self, PatientId};
use crate::practitioners::PractitionerId;
use crate::waitlist::WaitlistId;

/// What is written down of an appointment when it is made.
pub(crate) struct Draft {
    pub(crate) id: AppointmentId,
    pub(crate) takes: Takes,
    pub(crate) period: Period,
    pub(crate) status: AppointmentStatus,
    pub(crate) hold_minutes: Option<i32>,
    pub(crate) online: bool,
    pub(crate) overbook_reason: Option<Text<500>>,
    pub(crate) waitlist: Option<WaitlistId>,
}

/// What the calendar calls every appointment: nothing of whom it is for, or for what.
pub(super) fn title() -> ApiResult<Text<200>> {
    Text::parse("Appointment").map_err(|_| ApiError::internal())
}

/// What the calendar says why one stands where it is not free: that there is a reason, which the appointment has.
pub(super) fn reason(of: Option<&Text<500>>) -> ApiResult<Option<Text<500>>> {
    let known = Text::parse("See the appointment").map_err(|_| ApiError::internal())?;
    Ok(of.map(|_| known))
}

/// Makes an appointment: books it, holds it, or only suggests it.
pub(super) async fn create(tx: &mut TenantTx, reach: Reach, new: NewAppointment, by: Uuid) -> ApiResult<Appointment> {
    patients::open_by(tx, reach, new.patient_id).await?;
    let draft = draft(tx, &new).await?;
    hold(tx, reach, draft, Some(by)).await
}

/// What an appointment is to be, as its service has it at this time.
async fn draft(tx: &mut TenantTx, new: &NewAppointment) -> ApiResult<Draft> {
    let service = wanted::service(tx, new.service_id, new.practitioner_id).await?;
    let starts_at = OffsetDateTime::from(new.starts_at);
    let is_online = new.online.unwrap_or(false);
    if is_online {
        wanted::online(&service, starts_at)?;
    }
    let period = period(new.starts_at, Duration::minutes(service.duration_minutes.into()))?;
    let mut takes = Takes::of(&service, new.patient_id, new.practitioner_id);
    let (room, device) = takes.mates(tx, period.starts_at).await?;
    takes.device = new.device_id.or(device);
    takes.room = match (new.room_id, room, new.location_id) {
        (Some(room), _, Some(location)) => Some(wanted::room_at(tx, room, location).await?),
        (None, Some(room), Some(location)) if wanted::is_at(tx, room, location).await? => Some(room),
        (None, _, Some(location)) => Some(wanted::any_room(tx, location, period, takes.around).await?),
        (room, with_others, None) => room.or(with_others),
    };
    let status = match (new.proposed, new.hold_minutes) {
        (Some(true), _) => AppointmentStatus::Proposed,
        (_, Some(_)) => AppointmentStatus::Pending,
        _ => AppointmentStatus::Booked,
    };
    Ok(Draft {
        id: AppointmentId::new(),
        takes,
        period,
        status,
        hold_minutes: new.hold_minutes.filter(|_| status == AppointmentStatus::Pending),
        online: is_online,
        overbook_reason: new.overbook_reason.clone(),
        waitlist: None,
    })
}

/// Books what a draft takes, unless it is a suggestion, and writes it down.
pub(crate) async fn hold(tx: &mut TenantTx, reach: Reach, draft: Draft, by: Option<Uuid>) -> ApiResult<Appointment> {
    let booking = match draft.status {
        AppointmentStatus::Proposed => {
            past(draft.period)?;
            draft.takes.needs(tx).await?;
            None
        }
        _ => {
            let reason = draft.overbook_reason.as_ref();
            let booked = book(tx, &draft.takes, draft.period, draft.hold_minutes, reason, by).await?;
            Some((booked.id, booked.expires_at))
        }
    };
    Ok(tx.run(store::insert(reach, draft, booking)).await?)
}

/// Books what an appointment takes.
pub(super) async fn book(
    tx: &mut TenantTx,
    takes: &Takes,
    period: Period,
    hold_minutes: Option<i32>,
    overbook_reason: Option<&Text<500>>,
    by: Option<Uuid>,
) -> ApiResult<calendar::Booking> {
    let needs = takes.needs(tx).await?;
    let wanted = Wanted {
        id: BookingId::new(),
        title: title()?,
        note: None,
        period,
        needs,
        hold_minutes,
        overbook_reason: reason(overbook_reason)?,
        series_id: None,
        module: Some(MODULE),
        by,
    };
    calendar::book(tx, wanted).await
}

/// Moves an appointment that is locked to another time, or to somebody else.
pub(super) async fn reschedule(
    tx: &mut TenantTx,
    reach: Reach,
    mut appointment: Appointment,
    to: AppointmentMove,
) -> ApiResult<Appointment> {
    if !appointment.status.can_move() {
        let status = appointment.status.as_str();
        return Err(wrong(format!("An appointment that is `{status}` is not moved. Book another one.")));
    }
    let AppointmentMove { starts_at, practitioner_id, room_id, overbook_reason } = to;
    if let Some(practitioner) = practitioner_id.filter(|id| *id != appointment.practitioner_id) {
        wanted::service(tx, appointment.service_id, practitioner).await?;
        appointment.practitioner_id = practitioner;
    }
    let period = period(starts_at, appointment.length())?;
    let (room, device) = appointment.takes().mates(tx, period.starts_at).await?;
    appointment.room_id = room_id.or(room).or(appointment.room_id);
    appointment.device_id = device.or(appointment.device_id);
    let needs = Some(appointment.takes().needs(tx).await?);
    match appointment.booking_id {
        None => past(period)?,
        Some(booking) => {
            let to = To { period, needs, words: None, overbook_reason: reason(overbook_reason.as_ref())? };
            calendar::reschedule(tx, booking, to, |_| Ok(())).await?;
        }
    }
    appointment.overbook_reason = overbook_reason;
    set_period(&mut appointment, period)?;
    Ok(tx.run(store::moved(reach, appointment)).await?)
}

/// Has an appointment be at another time, of which the patient is to be reminded.
pub(super) fn set_period(appointment: &mut Appointment, to: Period) -> ApiResult<()> {
    appointment.starts_at = moment(to.starts_at)?;
    appointment.ends_at = moment(to.ends_at)?;
    appointment.remind_at = remind::when(to.starts_at);
    appointment.reminded_at = None;
    Ok(())
}

impl Appointment {
    /// What it takes.
    pub(super) fn takes(&self) -> Takes {
        let Self { patient_id, service_id, practitioner_id, room_id, device_id, places, .. } = *self;
        Takes {
            patient: patient_id,
            service: service_id,
            places,
            practitioner: practitioner_id,
            room: room_id,
            device: device_id,
            around: (self.buffer_before_minutes, self.buffer_after_minutes),
        }
    }

    /// Goes where those are who come together with it, if anybody does.
    pub(super) async fn join(&mut self, tx: &mut TenantTx) -> ApiResult<()> {
        let (room, device) = self.takes().mates(tx, self.starts_at.into()).await?;
        (self.room_id, self.device_id) = (room.or(self.room_id), device.or(self.device_id));
        Ok(())
    }

    /// When it is.
    pub(super) fn period(&self) -> Period {
        Period { starts_at: self.starts_at.into(), ends_at: self.ends_at.into() }
    }
}

/// A period of a length.
pub(super) fn period(starts_at: Moment, length: Duration) -> ApiResult<Period> {
    let starts_at = OffsetDateTime::from(starts_at);
    let period = starts_at.checked_add(length).and_then(|ends_at| Period::new(starts_at, ends_at));
    period.ok_or_else(|| ApiError::invalid().at("/starts_at", "is too far away"))
}

/// Refuses what has passed, as the calendar does of what takes time.
fn past(period: Period) -> ApiResult<()> {
    match period.starts_at < OffsetDateTime::now_utc() {
        true => Err(ApiError::invalid().at("/starts_at", "has passed already")),
        false => Ok(()),
    }
}

pub(super) fn moment(at: OffsetDateTime) -> ApiResult<Moment> {
    Moment::try_from(at).map_err(|_| ApiError::internal())
}

/// Whom and what a slot is that is offered to somebody on the waitlist.
pub(crate) fn offer(of: &Appointment, patient: PatientId, waitlist: WaitlistId, minutes: i32) -> Draft {
    let practitioner: PractitionerId = of.practitioner_id;
    Draft {
        id: AppointmentId::new(),
        takes: Takes { patient, practitioner, ..of.takes() },
        period: of.period(),
        status: AppointmentStatus::Waitlist,
        hold_minutes: Some(minutes),
        online: false,
        overbook_reason: None,
        waitlist: Some(waitlist),
    }
}

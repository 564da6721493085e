//! Appointments: when a patient comes, to whom, for what, in which room.
//!
//! - this file: the appointment, what a client may send, what a list is asked for; `status.rs`: how one stands;
//! - `desk.rs`: booking and moving, by the calendar of the core, where nobody's time is taken twice; `wanted.rs`: what is booked, alone or
//!   together with others;
//! - `steps/`: what becomes of one; `series/`: several by a rule; `queue/`: whose turn it is; `slots/`: what is free;
//! - `remind.rs`, `missed.rs`: the jobs; `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod desk;
mod missed;
mod queue;
mod remind;
mod series;
mod slots;
mod source;
mod status;
mod steps;
mod store;
mod wanted;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::calendar::{BookingId, SeriesId};
use tenantry_core::http::Versioned;
use tenantry_core::value::{Moment, Text};
use tenantry_core::{criteria, owned_row, record_id};
use time::{Duration, OffsetDateTime};

pub use api::AppointmentsApi;
pub(crate) use desk::{hold, offer};
pub(crate) use missed::MARK_MISSED;
pub use queue::QueueApi;
pub(crate) use remind::{REMIND, told};
pub use series::AppointmentSeriesApi;
pub use slots::ClinicSlotsApi;
pub(crate) use source::{COUNTERS, RESOURCES, SOURCE};
pub use status::AppointmentStatus;
pub use steps::StepsApi;
pub(crate) use steps::{fulfil, go};
pub(crate) use store::{expect_of, freed, lock, over, overlap, set_all, to_come};

use crate::locations::LocationId;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;
use crate::services::ServiceId;
use crate::waitlist::WaitlistId;

record_id! {
    /// The id of an appointment.
    AppointmentId
}

/// That a patient comes.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// Who comes.
    pub patient_id: PatientId,
    /// For what.
    pub service_id: ServiceId,
    /// To whom.
    pub practitioner_id: PractitionerId,
    /// In which room.
    pub room_id: Option<RoomId>,
    /// With which device.
    pub device_id: Option<RoomId>,
    /// How it stands. What was held for too long is `cancelled`.
    pub status: AppointmentStatus,
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over. How long it takes is what the service took when it was booked.
    pub ends_at: Moment,
    /// How many minutes are kept free before it.
    pub buffer_before_minutes: i32,
    /// How many minutes are kept free behind it.
    pub buffer_after_minutes: i32,
    /// How many patients come together, with this one: as many as the service had places when it was booked.
    pub places: i32,
    /// Until when it is held, where it is.
    pub held_until: Option<Moment>,
    /// Whether the patient booked it.
    pub online: bool,
    /// Why it may stand where something else does, or outside of the hours.
    pub overbook_reason: Option<Text<500>>,
    /// Why it was cancelled.
    pub cancel_reason: Option<Text<500>>,
    /// The booking in the calendar; none of what takes no time yet.
    pub booking_id: Option<BookingId>,
    /// The series that it is of.
    pub series_id: Option<SeriesId>,
    /// The entry of the waitlist that it was offered to.
    pub waitlist_id: Option<WaitlistId>,
    /// When the patient arrived.
    pub arrived_at: Option<Moment>,
    /// When the patient was checked in.
    pub checked_in_at: Option<Moment>,
    /// The number by which the patient waits for the turn, of this practitioner and day.
    pub queue_number: Option<i32>,
    /// When the patient is to be reminded; null where that was done, or is not to be.
    pub remind_at: Option<Moment>,
    /// When the patient was reminded.
    pub reminded_at: Option<Moment>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(Appointment in "appointments" of "patient_id" in "patients" {
    id,
    patient_id,
    service_id,
    practitioner_id,
    room_id,
    device_id,
    status = "CASE WHEN status IN ('pending', 'waitlist') AND held_until <= now() THEN 'cancelled' ELSE status END",
    starts_at,
    ends_at,
    buffer_before_minutes,
    buffer_after_minutes,
    places,
    held_until,
    online,
    overbook_reason,
    cancel_reason,
    booking_id,
    series_id,
    waitlist_id,
    arrived_at,
    checked_in_at,
    queue_number,
    remind_at,
    reminded_at,
    created_at,
    updated_at,
    version
});

impl Versioned for Appointment {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Appointment {
    /// How long it takes.
    fn length(&self) -> Duration {
        OffsetDateTime::from(self.ends_at) - OffsetDateTime::from(self.starts_at)
    }
}

/// An appointment to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Who comes.
    patient_id: PatientId,
    /// For what. How long it takes and what is kept free around it is the service's.
    service_id: ServiceId,
    /// To whom; somebody who offers the service.
    practitioner_id: PractitionerId,
    /// In which room. Where others come together at this time, theirs if it is left out.
    room_id: Option<RoomId>,
    /// In any room of this location that is free, or where the others are.
    location_id: Option<LocationId>,
    /// With which device.
    device_id: Option<RoomId>,
    /// When it begins; not in the past.
    starts_at: Moment,
    /// For how many minutes it is held, up to a day, where it is not booked at once: it ends by itself unless it is confirmed.
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    hold_minutes: Option<i32>,
    /// Whether it is only a suggestion, which takes no time until it is confirmed.
    proposed: Option<bool>,
    /// Whether the patient books by itself: then the service has to be bookable online, with its notice and no further ahead than it says.
    online: Option<bool>,
    /// Why it is to stand where it is not free. It takes `appointments.overbook`.
    overbook_reason: Option<Text<500>>,
}

/// Where an appointment goes. It stays as long as it is.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AppointmentMove {
    /// When it begins from then on; not in the past.
    starts_at: Moment,
    /// To whom from then on; as before where it is left out.
    practitioner_id: Option<PractitionerId>,
    /// In which room from then on; where it is left out, as before, or where those are who come together then.
    room_id: Option<RoomId>,
    /// Why it is to stand where it is not free. It takes `appointments.overbook`.
    overbook_reason: Option<Text<500>>,
}

/// Why an appointment is cancelled.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AppointmentCancellation {
    /// Why.
    reason: Text<500>,
}

criteria! {
    /// What appointments are listed by.
    pub struct AppointmentFields of Appointment in "appointments" by "-starts_at" {
        /// Who comes.
        patient_id: PatientId => [eq in];
        /// To whom.
        practitioner_id: PractitionerId => [eq in];
        /// In which room.
        room_id: RoomId => [eq in];
        /// How it stands. What was held for too long stays what it was here for some minutes.
        status: AppointmentStatus => [eq in];
        /// When it begins.
        starts_at: Moment => [gt gte lt lte], sort timestamptz |appointment| appointment.starts_at;
        /// The series that it is of.
        series_id: SeriesId => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |appointment| appointment.created_at;
    }
}

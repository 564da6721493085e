//! The waitlist: who would come earlier, or at all, if a time became free. What is cancelled is offered to the first whom it fits.
//!
//! An offer is an appointment in the status `waitlist`, whose time is held: to accept it is to confirm that. `offer.rs` is the job that
//! offers what was freed, and passes on what was not taken in time.

mod api;
mod offer;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult, Versioned};
use tenantry_core::value::Moment;
use tenantry_core::{choice, criteria, owned_row, record_id};
use time::OffsetDateTime;

pub use api::WaitlistApi;
pub(crate) use offer::OFFER_SLOTS;
pub(crate) use source::SOURCE;
pub(crate) use store::settle;

use crate::appointments::AppointmentId;
use crate::bounds::within;
use crate::patients::PatientId;
use crate::practitioners::PractitionerId;
use crate::services::ServiceId;

record_id! {
    /// The id of an entry of the waitlist.
    WaitlistId
}

choice! {
    /// How an entry of the waitlist stands.
    pub enum WaitlistStatus {
        /// The patient waits.
        Waiting = "waiting",
        /// A time is held for the patient until `offered_until`.
        Offered = "offered",
        /// The patient has taken a time.
        Booked = "booked",
        /// The patient waits no more.
        Cancelled = "cancelled",
    }
}

/// That a patient waits for a time to become free.
#[derive(Debug, Clone, Serialize, Object)]
pub struct WaitlistEntry {
    /// Its id.
    pub id: WaitlistId,
    /// Who waits.
    pub patient_id: PatientId,
    /// For what.
    pub service_id: ServiceId,
    /// For whom; for anybody who offers it where it is null.
    pub practitioner_id: Option<PractitionerId>,
    /// From when on the patient can come.
    pub earliest_at: Moment,
    /// Until when the patient can come.
    pub latest_at: Moment,
    /// Who comes first: 9 before 0. Of the same, who waits longer.
    pub priority: i32,
    /// How it stands.
    pub status: WaitlistStatus,
    /// The appointment that is offered, or was booked.
    pub appointment_id: Option<AppointmentId>,
    /// Until when it is offered.
    pub offered_until: Option<Moment>,
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

owned_row!(WaitlistEntry in "waitlist" of "patient_id" in "patients" {
    id,
    patient_id,
    service_id,
    practitioner_id,
    earliest_at,
    latest_at,
    priority,
    status,
    appointment_id,
    offered_until,
    created_at,
    updated_at,
    version
});

impl Versioned for WaitlistEntry {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A patient to put on the waitlist.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewWaitlistEntry {
    /// Who waits.
    patient_id: PatientId,
    /// For what.
    service_id: ServiceId,
    /// For whom; for anybody who offers it where it is left out.
    practitioner_id: Option<PractitionerId>,
    /// From when on the patient can come.
    earliest_at: Moment,
    /// Until when the patient can come; later than `earliest_at`.
    latest_at: Moment,
    /// Who comes first: 9 before 0, which it is where it is left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "9")))]
    priority: Option<i32>,
}

impl NewWaitlistEntry {
    fn checked(self) -> ApiResult<Self> {
        within(self.priority.unwrap_or(0), 0, 9, "/priority")?;
        if self.latest_at <= self.earliest_at {
            return Err(ApiError::invalid().at("/latest_at", "has to be later than `earliest_at`"));
        }
        Ok(self)
    }
}

criteria! {
    /// What the waitlist is listed by.
    pub struct WaitlistFields of WaitlistEntry in "waitlist" by "-created_at" {
        /// Who waits.
        patient_id: PatientId => [eq in];
        /// For what.
        service_id: ServiceId => [eq in];
        /// For whom.
        practitioner_id: PractitionerId => [eq in null];
        /// How it stands.
        status: WaitlistStatus => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |entry| entry.created_at;
    }
}

//! The operations that take an appointment a step further.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{ApiResult, Body, Can, IfMatchGiven, Item};
use tenantry_core::value::Text;

use super::{go, reset};
use crate::appointments::{Appointment, AppointmentCancellation, AppointmentId, AppointmentStatus};
use crate::{AppointmentsReset, AppointmentsWrite, Tag};

/// Steps of appointments.
#[derive(Default)]
pub struct StepsApi;

#[OpenApi(tag = "Tag::Appointments")]
impl StepsApi {
    /// Confirm an appointment that is held or suggested.
    ///
    /// From then on it is booked. One that was held for too long is over (409).
    #[oai(path = "/clinic/appointments/:id/confirm", method = "post", operation_id = "appointments_confirm")]
    async fn confirm(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::Booked, None, &version).await
    }

    /// Note that the patient is there.
    ///
    /// On the day of the appointment: 409 `appointment_to_come` before.
    #[oai(path = "/clinic/appointments/:id/arrive", method = "post", operation_id = "appointments_arrive")]
    async fn arrive(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::Arrived, None, &version).await
    }

    /// Check a patient in.
    ///
    /// The patient gets a number of the practitioner's day: see `/clinic/practitioners/{id}/queue`. Before that day: 409
    /// `appointment_to_come`.
    #[oai(path = "/clinic/appointments/:id/check-in", method = "post", operation_id = "appointments_check_in")]
    async fn check_in(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::CheckedIn, None, &version).await
    }

    /// Note that an appointment has taken place.
    ///
    /// Signing an encounter that came of it does the same. Before its day: 409 `appointment_to_come`.
    #[oai(path = "/clinic/appointments/:id/fulfil", method = "post", operation_id = "appointments_fulfil")]
    async fn fulfil(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::Fulfilled, None, &version).await
    }

    /// Cancel an appointment.
    ///
    /// Its time is free for anybody; if nobody takes it within five minutes, the first on the waitlist whom it fits is offered it.
    #[oai(path = "/clinic/appointments/:id/cancel", method = "post", operation_id = "appointments_cancel")]
    async fn cancel(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<AppointmentCancellation>,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::Cancelled, Some(body.0.reason), &version).await
    }

    /// Note that the patient did not come.
    ///
    /// Once the appointment has begun: 409 `appointment_to_come` before.
    #[oai(path = "/clinic/appointments/:id/no-show", method = "post", operation_id = "appointments_no_show")]
    async fn no_show(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::NoShow, None, &version).await
    }

    /// Mark an appointment as written down by mistake.
    ///
    /// It stays, and takes no time.
    #[oai(
        path = "/clinic/appointments/:id/enter-in-error",
        method = "post",
        operation_id = "appointments_enter_in_error"
    )]
    async fn enter_in_error(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        to(&caller, id.0, AppointmentStatus::EnteredInError, None, &version).await
    }

    /// Bring an appointment back to `booked`.
    ///
    /// Whatever became of it. One that is to come and does not take its time any more takes it again, where that is free.
    #[oai(path = "/clinic/appointments/:id/reset", method = "post", operation_id = "appointments_reset")]
    async fn back(
        &self,
        caller: Can<AppointmentsReset>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Appointment>> {
        let done = caller.transaction(async |tx| reset(tx, caller.reach(), id.0, &version, caller.user()).await);
        done.await.map(Item)
    }
}

async fn to(
    caller: &Can<AppointmentsWrite>,
    id: AppointmentId,
    status: AppointmentStatus,
    reason: Option<Text<500>>,
    version: &IfMatchGiven,
) -> ApiResult<Item<Appointment>> {
    let gone = caller.transaction(async |tx| go(tx, caller.reach(), id, status, reason, Some(version)).await);
    gone.await.map(Item)
}

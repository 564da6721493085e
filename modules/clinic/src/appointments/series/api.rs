//! The operations on series of appointments.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiResult, Body, Can, IfMatchGiven, Made};

use super::{
    AppointmentSeries, AppointmentSeriesCancellation, AppointmentSeriesMove, NewAppointmentSeries, SeriesAppointments,
    cancel, create, reschedule,
};
use crate::appointments::AppointmentId;
use crate::appointments::api::may_overbook;
use crate::{AppointmentsWrite, Tag};

/// Series of appointments.
#[derive(Default)]
pub struct AppointmentSeriesApi;

#[OpenApi(tag = "Tag::Appointments")]
impl AppointmentSeriesApi {
    /// Book a series of appointments.
    ///
    /// All of them, or none: the problem points at each that is not free, as `/occurrences/3`.
    #[oai(path = "/clinic/appointments/series", method = "post", operation_id = "appointments_create_series")]
    async fn create(
        &self,
        caller: Can<AppointmentsWrite>,
        body: Body<NewAppointmentSeries>,
    ) -> ApiResult<Made<AppointmentSeries>> {
        may_overbook(&caller, &body.0.overbook_reason)?;
        let made = caller.transaction(async |tx| create(tx, caller.reach(), body.0, caller.user()).await);
        made.await.map(Made)
    }

    /// Move an appointment, and with it others of its series.
    ///
    /// They move by as many days and hours on the wall as this one. All of them, or none.
    #[oai(path = "/clinic/appointments/:id/move-series", method = "post", operation_id = "appointments_move_series")]
    async fn move_all(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<AppointmentSeriesMove>,
    ) -> ApiResult<Answer<SeriesAppointments>> {
        let moved = caller.transaction(async |tx| reschedule(tx, caller.reach(), id.0, body.0, &version).await);
        moved.await.map(Answer)
    }

    /// Cancel an appointment, and with it others of its series.
    #[oai(
        path = "/clinic/appointments/:id/cancel-series",
        method = "post",
        operation_id = "appointments_cancel_series"
    )]
    async fn cancel_all(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<AppointmentSeriesCancellation>,
    ) -> ApiResult<Answer<SeriesAppointments>> {
        let done = caller.transaction(async |tx| cancel(tx, caller.reach(), id.0, body.0, &version).await);
        done.await.map(Answer)
    }
}

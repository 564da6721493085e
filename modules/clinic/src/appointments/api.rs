//! The operations on appointments: seeing, booking, moving.

use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatchGiven, Item, Page, Versioned,
};
use tenantry_core::permission::Permission as _;
use tenantry_core::value::Text;

use super::{Appointment, AppointmentFields, AppointmentId, AppointmentMove, NewAppointment, desk, store};
use crate::practitioners::PractitionerId;
use crate::{AppointmentsOverbook, AppointmentsRead, AppointmentsWrite, Tag};

/// Appointments.
#[derive(Default)]
pub struct AppointmentsApi;

/// Appointments that have to be moved.
#[derive(Debug, Serialize, Object)]
pub struct AppointmentsToRebook {
    /// The appointments, the first of them first; at most 500. Move or cancel these to see others.
    pub items: Vec<Appointment>,
}

#[OpenApi(tag = "Tag::Appointments")]
impl AppointmentsApi {
    /// List appointments.
    #[oai(path = "/clinic/appointments", method = "get", operation_id = "appointments_list")]
    async fn list(
        &self,
        caller: Can<AppointmentsRead>,
        criteria: Criteria<AppointmentFields>,
    ) -> ApiResult<Answer<Page<Appointment>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Book an appointment, hold it, or suggest it.
    ///
    /// Patient, practitioner, room and device are taken together, or nothing is: 409 `slot_taken` or `outside_hours` comes with
    /// `alternatives` that are free. With `hold_minutes` it is `pending`, and `booked` once it is confirmed. Of a service for several
    /// (`capacity`) those who come to the same practitioner at the same time share all but their own time, up to its last place.
    #[oai(path = "/clinic/appointments", method = "post", operation_id = "appointments_create")]
    async fn create(
        &self,
        caller: Can<AppointmentsWrite>,
        body: Body<NewAppointment>,
    ) -> ApiResult<Created<Appointment>> {
        may_overbook(&caller, &body.0.overbook_reason)?;
        if body.0.hold_minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
            return Err(ApiError::invalid().at("/hold_minutes", "expected a number from 1 to 1440"));
        }
        if body.0.proposed == Some(true) && body.0.hold_minutes.is_some() {
            return Err(ApiError::invalid().at("/hold_minutes", "a suggestion takes no time, so it is not held"));
        }
        let made = caller.transaction(async |tx| desk::create(tx, caller.reach(), body.0, caller.user()).await);
        let record = made.await?;
        Ok(Created::at("/clinic/appointments", record.id, record))
    }

    /// Show an appointment.
    #[oai(path = "/clinic/appointments/:id", method = "get", operation_id = "appointments_get")]
    async fn get(&self, caller: Can<AppointmentsRead>, id: Path<AppointmentId>) -> ApiResult<Item<Appointment>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// List appointments that have to be moved.
    ///
    /// Those that stand in leave, a holiday or another time that was closed behind them (`POST /calendar/exceptions`). They stay as they
    /// are until somebody moves or cancels them.
    #[oai(path = "/clinic/appointments/to-rebook", method = "get", operation_id = "appointments_to_rebook")]
    async fn to_rebook(
        &self,
        caller: Can<AppointmentsRead>,
        /// Whose; everybody's where it is left out.
        practitioner_id: Query<Option<PractitionerId>>,
    ) -> ApiResult<Answer<AppointmentsToRebook>> {
        let items = caller.read(store::to_rebook(caller.reach(), practitioner_id.0)).await?;
        Ok(Answer(AppointmentsToRebook { items }))
    }

    /// Move an appointment.
    ///
    /// It takes as long as before, and the patient is reminded at the new time.
    #[oai(path = "/clinic/appointments/:id/move", method = "post", operation_id = "appointments_move")]
    async fn reschedule(
        &self,
        caller: Can<AppointmentsWrite>,
        id: Path<AppointmentId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<AppointmentMove>,
    ) -> ApiResult<Item<Appointment>> {
        may_overbook(&caller, &body.0.overbook_reason)?;
        let moved = caller.transaction(async |tx| {
            let found = tx.run(store::lock(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            found.expect_given(&version)?;
            desk::reschedule(tx, caller.reach(), found, body.0).await
        });
        moved.await.map(Item)
    }
}

/// Refuses to overbook where the caller may not.
pub(super) fn may_overbook(caller: &Can<AppointmentsWrite>, reason: &Option<Text<500>>) -> ApiResult<()> {
    match reason {
        Some(_) if !caller.allows(&AppointmentsOverbook::INFO) => Err(ApiError::forbidden(&AppointmentsOverbook::INFO)),
        _ => Ok(()),
    }
}

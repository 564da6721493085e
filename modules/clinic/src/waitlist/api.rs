//! The operations on the waitlist.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatchGiven, Item, Page, Versioned,
};
use tenantry_core::tenancy::TenantTx;

use super::{NewWaitlistEntry, WaitlistEntry, WaitlistFields, WaitlistId, WaitlistStatus, store};
use crate::appointments::{self, AppointmentId, AppointmentStatus};
use crate::patients::open_by;
use crate::{Tag, WaitlistRead, WaitlistWrite};

/// The waitlist.
#[derive(Default)]
pub struct WaitlistApi;

#[OpenApi(tag = "Tag::Appointments")]
impl WaitlistApi {
    /// List the waitlist.
    #[oai(path = "/clinic/waitlist", method = "get", operation_id = "waitlist_list")]
    async fn list(
        &self,
        caller: Can<WaitlistRead>,
        criteria: Criteria<WaitlistFields>,
    ) -> ApiResult<Answer<Page<WaitlistEntry>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Put a patient on the waitlist.
    ///
    /// What becomes free from then on is offered to the first whom it fits.
    #[oai(path = "/clinic/waitlist", method = "post", operation_id = "waitlist_create")]
    async fn create(
        &self,
        caller: Can<WaitlistWrite>,
        body: Body<NewWaitlistEntry>,
    ) -> ApiResult<Created<WaitlistEntry>> {
        let new = body.0.checked()?;
        let made = caller.transaction(async |tx| {
            open_by(tx, caller.reach(), new.patient_id).await?;
            Ok(tx.run(store::insert(caller.reach(), new)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/clinic/waitlist", record.id, record))
    }

    /// Show an entry of the waitlist.
    #[oai(path = "/clinic/waitlist/:id", method = "get", operation_id = "waitlist_get")]
    async fn get(&self, caller: Can<WaitlistRead>, id: Path<WaitlistId>) -> ApiResult<Item<WaitlistEntry>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Accept what is offered.
    ///
    /// The time that was held is booked. Where it was held for too long, it is over (409).
    #[oai(path = "/clinic/waitlist/:id/accept", method = "post", operation_id = "waitlist_accept")]
    async fn accept(
        &self,
        caller: Can<WaitlistWrite>,
        id: Path<WaitlistId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<WaitlistEntry>> {
        answer(&caller, id.0, &version, AppointmentStatus::Booked).await
    }

    /// Decline what is offered.
    ///
    /// The patient waits on, and the time is offered to the next.
    #[oai(path = "/clinic/waitlist/:id/decline", method = "post", operation_id = "waitlist_decline")]
    async fn decline(
        &self,
        caller: Can<WaitlistWrite>,
        id: Path<WaitlistId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<WaitlistEntry>> {
        answer(&caller, id.0, &version, AppointmentStatus::Cancelled).await
    }

    /// Take a patient off the waitlist.
    ///
    /// What is offered is declined. Who is off it already, or has a time, stays so.
    #[oai(path = "/clinic/waitlist/:id/cancel", method = "post", operation_id = "waitlist_cancel")]
    async fn cancel(
        &self,
        caller: Can<WaitlistWrite>,
        id: Path<WaitlistId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<WaitlistEntry>> {
        let gone = caller.transaction(async |tx| {
            let found = entry(&caller, tx, id.0, &version).await?;
            match (found.status, found.appointment_id) {
                (WaitlistStatus::Booked | WaitlistStatus::Cancelled, _) => return Ok(found),
                (WaitlistStatus::Offered, Some(offer)) => {
                    settle(&caller, tx, offer, AppointmentStatus::Cancelled).await?
                }
                _ => {}
            }
            Ok(tx.run(store::cancel(caller.reach(), id.0)).await?)
        });
        gone.await.map(Item)
    }
}

/// Says yes or no to what is offered.
async fn answer(
    caller: &Can<WaitlistWrite>,
    id: WaitlistId,
    version: &IfMatchGiven,
    to: AppointmentStatus,
) -> ApiResult<Item<WaitlistEntry>> {
    let answered = caller.transaction(async |tx| {
        let found = entry(caller, tx, id, version).await?;
        let offer = found.appointment_id.filter(|_| found.status == WaitlistStatus::Offered).ok_or_else(|| {
            let detail = "Nothing is offered to this patient at this time. Wait until something becomes free.";
            ApiError::conflict("nothing_offered", detail)
        })?;
        settle(caller, tx, offer, to).await?;
        tx.run(store::find(caller.reach(), id)).await?.ok_or_else(ApiError::internal)
    });
    answered.await.map(Item)
}

/// An entry that is locked, behind the appointment that it is offered: who answers by that one locks it first, too.
async fn entry(
    caller: &Can<WaitlistWrite>,
    tx: &mut TenantTx,
    id: WaitlistId,
    version: &IfMatchGiven,
) -> ApiResult<WaitlistEntry> {
    let seen = tx.run(store::find(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
    if let Some(appointment) = seen.appointment_id {
        tx.run(appointments::lock(caller.reach(), appointment)).await?;
    }
    let found = tx.run(store::lock(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
    found.expect_given(version)?;
    Ok(found)
}

/// Takes what is offered to another status.
async fn settle(
    caller: &Can<WaitlistWrite>,
    tx: &mut TenantTx,
    offer: AppointmentId,
    to: AppointmentStatus,
) -> ApiResult<()> {
    let gone = appointments::go(tx, caller.reach(), offer, to, None, None).await;
    gone.map(|_| ())
}

//! The steps of a viewing: it is confirmed, moved, takes place or does not. The listing is locked first, as by whoever takes it off the
//! market.

mod api;
mod feedback;

use tenantry_core::calendar;
use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::notify::Notify;
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Text;
use time::OffsetDateTime;

pub use api::ViewingStepsApi;

use super::checks::{in_time, ready};
use super::terms::MoveViewing;
use super::{Viewing, ViewingId, ViewingStatus, store};
use crate::listings::{Listing, store as listings};
use crate::properties::store as properties;
use crate::showings::{self, Plan, Showing, name_of_agent, rebook, shown, tell};

/// Settles a viewing, and tells the applicant once.
async fn confirm(
    tx: &mut TenantTx,
    reach: Reach,
    notify: &Notify,
    id: ViewingId,
    version: &IfMatchGiven,
) -> ApiResult<Viewing> {
    let (listing, viewing) = locked(tx, reach, id).await?;
    viewing.expect_given(version)?;
    match viewing.status {
        ViewingStatus::Confirmed => return Ok(viewing),
        ViewingStatus::Requested => {}
        status => return Err(over(status)),
    }
    shown(&listing)?;
    if has_begun(&viewing) {
        let detail = "Its time has passed. Move it to another time, or cancel it.";
        return Err(ApiError::conflict("viewing_passed", detail));
    }
    let property = tx.run(properties::find(viewing.property_id)).await?.ok_or_else(ApiError::internal)?;
    ready(tx, &viewing, &property).await?;
    calendar::confirm(tx, viewing.booking_id, |_| Ok(())).await?;
    let confirmed = tx.run(store::set_status(reach, id, ViewingStatus::Confirmed)).await?;
    settled(tx, notify, &confirmed).await?;
    Ok(confirmed)
}

/// Moves a viewing to another time, or gives it to another agent. One that was settled is so at the new time, and the applicant is told.
async fn move_to(
    tx: &mut TenantTx,
    reach: Reach,
    notify: &Notify,
    id: ViewingId,
    version: &IfMatchGiven,
    to: MoveViewing,
    agent: Option<String>,
) -> ApiResult<Viewing> {
    let period = to.period()?;
    let (listing, mut viewing) = locked(tx, reach, id).await?;
    viewing.expect_given(version)?;
    if to.agent_id.is_some() && agent.is_none() {
        return Err(ApiError::not_found().at("/agent_id", "there is no such member"));
    }
    if !viewing.status.is_pending() {
        return Err(over(viewing.status));
    }
    shown(&listing)?;
    if tx.run(store::together(viewing.booking_id)).await? > 1 {
        let detail = "Others come to this viewing too. Cancel it for this applicant, and ask for another one.";
        return Err(ApiError::conflict("group_viewing", detail));
    }
    let property = tx.run(properties::find(viewing.property_id)).await?.ok_or_else(ApiError::internal)?;
    in_time(tx, &listing, &property, period).await?;
    (viewing.starts_at, viewing.ends_at) = (to.starts_at, to.ends_at);
    viewing.agent_id = to.agent_id.unwrap_or(viewing.agent_id);
    viewing.travel_minutes = to.travel_minutes.unwrap_or(viewing.travel_minutes);
    viewing.occupier_told_at = to.occupier_told_at;
    if viewing.status == ViewingStatus::Confirmed {
        ready(tx, &viewing, &property).await?;
    }
    let plan = Plan {
        showing: Showing::Viewing,
        property: &property,
        period,
        agent: viewing.accompanied.then_some((viewing.agent_id, agent)),
        travel_minutes: viewing.travel_minutes,
    };
    rebook(tx, viewing.booking_id, plan).await?;
    let moved = tx.run(store::update(reach, viewing)).await?;
    if moved.status == ViewingStatus::Confirmed {
        settled(tx, notify, &moved).await?;
    }
    Ok(moved)
}

/// Notes what became of a viewing that was confirmed and has begun: it is done, or nobody came.
async fn end(
    tx: &mut TenantTx,
    reach: Reach,
    id: ViewingId,
    version: &IfMatchGiven,
    status: ViewingStatus,
) -> ApiResult<Viewing> {
    let (_, viewing) = locked(tx, reach, id).await?;
    viewing.expect_given(version)?;
    match viewing.status {
        known if known == status => return Ok(viewing),
        ViewingStatus::Confirmed if has_begun(&viewing) => {}
        ViewingStatus::Confirmed => {
            let detail = "It has not begun. Note what became of it when it has, or cancel it.";
            return Err(ApiError::conflict("viewing_to_come", detail));
        }
        ViewingStatus::Requested => {
            let detail = "It was not confirmed, so it does not take place. Confirm it before, or cancel it.";
            return Err(ApiError::conflict("viewing_not_confirmed", detail));
        }
        status => return Err(over(status)),
    }
    Ok(tx.run(store::set_status(reach, id, status)).await?)
}

/// Cancels a viewing, gives its time back unless others still come, and tells the applicant where it was still to come.
async fn cancel(
    tx: &mut TenantTx,
    reach: Reach,
    notify: &Notify,
    id: ViewingId,
    version: &IfMatchGiven,
    reason: Text<500>,
) -> ApiResult<Viewing> {
    let (_, viewing) = locked(tx, reach, id).await?;
    viewing.expect_given(version)?;
    match viewing.status {
        ViewingStatus::Cancelled => return Ok(viewing),
        status if status.is_pending() => {}
        status => return Err(over(status)),
    }
    let cancelled = tx.run(store::cancel(reach, id, reason)).await?;
    if tx.run(store::together(viewing.booking_id)).await? == 0 {
        calendar::cancel(tx, viewing.booking_id, |_| Ok(())).await?;
    }
    if !has_begun(&viewing) {
        tell(tx, notify, vec![cancelled.guest()]).await?;
    }
    Ok(cancelled)
}

/// Tells the applicant when it is, and who will be there.
async fn settled(tx: &mut TenantTx, notify: &Notify, viewing: &Viewing) -> ApiResult<()> {
    let agent = match viewing.accompanied {
        true => name_of_agent(tx, viewing.agent_id).await?,
        false => None,
    };
    Ok(showings::confirmed(tx, notify, vec![viewing.guest()], agent).await?)
}

/// A viewing and what is shown, both locked; the listing first.
pub(super) async fn locked(tx: &mut TenantTx, reach: Reach, id: ViewingId) -> ApiResult<(Listing, Viewing)> {
    let known = tx.run(store::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    let listing = tx.run(listings::lock(known.listing_id)).await?.ok_or_else(ApiError::not_found)?;
    let viewing = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    Ok((listing, viewing))
}

fn has_begun(viewing: &Viewing) -> bool {
    OffsetDateTime::from(viewing.starts_at) <= OffsetDateTime::now_utc()
}

/// Why nothing more becomes of a viewing.
pub(super) fn over(status: ViewingStatus) -> ApiError {
    let status = match status {
        ViewingStatus::NoShow => "over, and nobody came",
        ViewingStatus::Requested | ViewingStatus::Confirmed => "not over",
        ViewingStatus::Done => "done",
        ViewingStatus::Cancelled => "cancelled",
    };
    ApiError::conflict("viewing_over", format!("The viewing is {status}. Ask for another one."))
}

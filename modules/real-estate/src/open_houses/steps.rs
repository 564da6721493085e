//! Planning an open house, moving and cancelling it. The listing is locked first, as by whoever takes it off the market.

use tenantry_core::calendar::{self, BookingId};
use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::notify::Notify;
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Text;
use time::OffsetDateTime;
use uuid::Uuid;

use super::terms::{MoveOpenHouse, NewOpenHouse};
use super::visitors::store as visitors;
use super::{OpenHouse, OpenHouseId, OpenHouseStatus, store};
use crate::listings::{Listing, store as listings};
use crate::properties::store as properties;
use crate::showings::{Plan, Showing, asked_ahead, book, confirmed, name_of_agent, rebook, shown, tell};

/// Plans one. `agent` is what the agent is called; none where that is no member.
pub(super) async fn plan(
    tx: &mut TenantTx,
    new: NewOpenHouse,
    agent: Option<String>,
    by: Uuid,
) -> ApiResult<OpenHouse> {
    let period = new.period()?;
    let listing = tx.run(listings::lock(new.listing_id)).await?;
    let listing = listing.ok_or_else(|| ApiError::not_found().at("/listing_id", "there is no such record"))?;
    let agent = agent.ok_or_else(|| ApiError::not_found().at("/agent_id", "there is no such member"))?;
    shown(&listing)?;
    asked_ahead(period, listing.viewing_notice_hours, "so the listing says")?;
    let property = tx.run(properties::find(listing.property_id)).await?.ok_or_else(ApiError::internal)?;
    let id = OpenHouseId::new();
    let booking = BookingId::from(id.as_uuid());
    let plan = Plan {
        showing: Showing::OpenHouse,
        property: &property,
        period,
        agent: Some((new.agent_id, Some(agent))),
        travel_minutes: new.travel_minutes.unwrap_or_default(),
    };
    book(tx, booking, plan, by).await?;
    Ok(tx.run(store::insert(id, listing.property_id, booking, new)).await?)
}

/// Moves one to another time, or gives it to another agent, and tells who is expected.
pub(super) async fn move_to(
    tx: &mut TenantTx,
    notify: &Notify,
    id: OpenHouseId,
    version: &IfMatchGiven,
    to: MoveOpenHouse,
    agent: Option<String>,
) -> ApiResult<OpenHouse> {
    let period = to.period()?;
    let (listing, mut house) = locked(tx, id).await?;
    house.expect_given(version)?;
    if to.agent_id.is_some() && agent.is_none() {
        return Err(ApiError::not_found().at("/agent_id", "there is no such member"));
    }
    house.is_planned()?;
    shown(&listing)?;
    asked_ahead(period, listing.viewing_notice_hours, "so the listing says")?;
    let property = tx.run(properties::find(house.property_id)).await?.ok_or_else(ApiError::internal)?;
    (house.starts_at, house.ends_at) = (to.starts_at, to.ends_at);
    house.agent_id = to.agent_id.unwrap_or(house.agent_id);
    house.travel_minutes = to.travel_minutes.unwrap_or(house.travel_minutes);
    let plan = Plan {
        showing: Showing::OpenHouse,
        property: &property,
        period,
        agent: Some((house.agent_id, agent)),
        travel_minutes: house.travel_minutes,
    };
    rebook(tx, house.booking_id, plan).await?;
    let moved = tx.run(store::update(house)).await?;
    let guests = tx.run(visitors::guests(Reach::of_consequences(), vec![id.as_uuid()])).await?;
    let agent = name_of_agent(tx, moved.agent_id).await?;
    confirmed(tx, notify, guests, agent).await?;
    Ok(moved)
}

/// Cancels one, gives its time back, and tells who would have come where it was still to come.
pub(super) async fn cancel(
    tx: &mut TenantTx,
    notify: &Notify,
    id: OpenHouseId,
    version: &IfMatchGiven,
    reason: Text<500>,
) -> ApiResult<OpenHouse> {
    let (_, house) = locked(tx, id).await?;
    house.expect_given(version)?;
    if house.status == OpenHouseStatus::Cancelled {
        return Ok(house);
    }
    if OffsetDateTime::from(house.ends_at) <= OffsetDateTime::now_utc() {
        return Err(ApiError::conflict("open_house_over", "It has taken place already."));
    }
    let cancelled = tx.run(store::cancel(id, reason)).await?;
    calendar::cancel(tx, house.booking_id, |_| Ok(())).await?;
    let off = tx.run(visitors::guests(Reach::of_consequences(), vec![id.as_uuid()])).await?;
    tell(tx, notify, off).await?;
    Ok(cancelled)
}

/// An open house and what is shown, both locked; the listing first.
pub(super) async fn locked(tx: &mut TenantTx, id: OpenHouseId) -> ApiResult<(Listing, OpenHouse)> {
    let known = tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    let listing = tx.run(listings::lock(known.listing_id)).await?.ok_or_else(ApiError::not_found)?;
    let house = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    Ok((listing, house))
}

impl OpenHouse {
    /// Refuses what does not take place.
    pub(super) fn is_planned(&self) -> ApiResult<()> {
        match self.status {
            OpenHouseStatus::Planned => Ok(()),
            OpenHouseStatus::Cancelled => {
                Err(ApiError::conflict("open_house_cancelled", "This open house is cancelled. Plan another one."))
            }
        }
    }
}

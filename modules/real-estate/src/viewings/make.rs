//! Asking for a viewing, alone or with others. The listing is locked first: whoever comes second finds what the first has done.

use tenantry_core::calendar::{self, BookingId};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};
use uuid::Uuid;

use super::checks::in_time;
use super::steps::{locked, over};
use super::terms::{JoinViewing, NewViewing};
use super::{Viewing, ViewingId, store};
use crate::listings::store as listings;
use crate::properties::{PropertyId, store as properties};
use crate::showings::{Plan, Showing, book, shown};

/// Makes a viewing of a listing, which is one of the property where one is named. `agent` is what the agent is called; none where that
/// is no member.
pub(super) async fn make(
    tx: &mut TenantTx,
    reach: Reach,
    new: NewViewing,
    property: Option<PropertyId>,
    agent: Option<String>,
    by: Uuid,
) -> ApiResult<Viewing> {
    let period = new.period()?;
    let listing = tx.run(listings::lock(new.listing_id)).await?;
    let listing = listing.filter(|listing| property.is_none_or(|property| property == listing.property_id));
    let listing = listing.ok_or_else(|| ApiError::not_found().at("/listing_id", "there is no such record"))?;
    let agent = agent.ok_or_else(|| ApiError::not_found().at("/agent_id", "there is no such member"))?;
    shown(&listing)?;
    let property = tx.run(properties::find(listing.property_id)).await?.ok_or_else(ApiError::internal)?;
    in_time(tx, &listing, &property, period).await?;
    let id = ViewingId::new();
    let booking = BookingId::from(id.as_uuid());
    let plan = Plan {
        showing: Showing::Viewing,
        property: &property,
        period,
        agent: new.accompanied.unwrap_or(true).then_some((new.agent_id, Some(agent))),
        travel_minutes: new.travel_minutes.unwrap_or_default(),
    };
    book(tx, booking, plan, by).await?;
    Ok(tx.run(store::insert(reach, id, listing.property_id, booking, new)).await?)
}

/// Has somebody come to a viewing with others.
pub(super) async fn join(tx: &mut TenantTx, reach: Reach, id: ViewingId, new: JoinViewing) -> ApiResult<Viewing> {
    let (listing, viewing) = locked(tx, reach, id).await?;
    if !viewing.status.is_pending() {
        return Err(over(viewing.status));
    }
    shown(&listing)?;
    calendar::confirm(tx, viewing.booking_id, |_| Ok(())).await?;
    if tx.run(store::together(viewing.booking_id)).await? >= i64::from(viewing.capacity) {
        let detail = format!("It is for {}, and full. Ask for another one.", viewing.capacity);
        return Err(ApiError::conflict("viewing_full", detail));
    }
    Ok(tx.run(store::insert_with(reach, &viewing, new)).await?)
}

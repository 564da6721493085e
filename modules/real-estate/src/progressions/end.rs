//! The end of a progression: it is completed, or it has fallen through. The listing is locked first, as by whoever decides offers.

use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Date;

use super::milestones::{self, MilestoneName};
use super::{Progression, ProgressionId, ProgressionStatus, store};
use crate::commissions::store as commissions;
use crate::listings::{self, Mover, store as listing_store};
use crate::offers;

/// Completes a progression: contracts are exchanged, and everybody is who they say. The reach is everything.
pub(super) async fn complete(
    tx: &mut TenantTx,
    reach: Reach,
    id: ProgressionId,
    by: Mover<'_>,
) -> ApiResult<Progression> {
    let way = locked(tx, id).await?;
    if way.status == ProgressionStatus::Completed {
        return Ok(way);
    }
    way.goes_on()?;
    if !tx.run(milestones::is_done(id, MilestoneName::Exchanged)).await? {
        let detail = "Contracts are not exchanged. Set the milestone `exchanged` first.";
        return Err(ApiError::conflict("not_exchanged", detail));
    }
    if let Some(other) = way.depends_on_id {
        let other = tx.run(store::find(other)).await?;
        if other.is_none_or(|other| other.status != ProgressionStatus::Completed) {
            let detail = "It waits for another progression that is not completed. Complete that first, or have it wait for none.";
            return Err(ApiError::conflict("chain_waits", detail));
        }
    }
    listings::close(tx, reach, way.listing_id, way.offer_id, by).await?;
    tx.run(milestones::complete(id, Date::today())).await?;
    tx.run(commissions::fall_due(way.listing_id, id)).await?;
    Ok(tx.run(store::set_status(id, ProgressionStatus::Completed)).await?)
}

/// Lets a progression and its offer come to nothing; the listing is open again. The reach is everything.
pub(super) async fn fall_through(
    tx: &mut TenantTx,
    reach: Reach,
    id: ProgressionId,
    by: Mover<'_>,
) -> ApiResult<Progression> {
    let way = locked(tx, id).await?;
    if way.status == ProgressionStatus::FallenThrough {
        return Ok(way);
    }
    way.goes_on()?;
    offers::fall_through(tx, reach, way.offer_id, None, by).await?;
    tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)
}

/// A progression, locked behind its listing.
async fn locked(tx: &mut TenantTx, id: ProgressionId) -> ApiResult<Progression> {
    let known = tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    tx.run(listing_store::lock(known.listing_id)).await?;
    tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)
}

//! What follows from a sale or a let that is completed.

use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};

use super::{Listing, ListingId, ListingStatus, Mover, Way, move_to, store};
use crate::offers::checks::identified;
use crate::offers::{OfferId, OfferStatus, store as offers};
use crate::{properties, requirements};

/// Closes a listing with its accepted offer: the other offers for it are refused, the property is closed, and the applicant looks for
/// nothing of the kind any more. The reach is everything: whoever calls it has a permission that is for all records.
///
/// One that is closed already with this offer stays as it is.
///
/// # Errors
/// 404 where there is no such listing; 409 `not_accepted` where the offer is not the accepted one, and where an identity check is
/// lacking that accepting would take.
pub(crate) async fn close(
    tx: &mut TenantTx,
    reach: Reach,
    id: ListingId,
    offer: OfferId,
    by: Mover<'_>,
) -> ApiResult<Listing> {
    let listing = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    let offers = tx.run(offers::lock_live(reach, id)).await?;
    let accepted = offers.iter().find(|known| known.id == offer && known.status == OfferStatus::Accepted);
    let accepted = accepted.ok_or_else(|| {
        ApiError::conflict(
            "not_accepted",
            "The offer is not the accepted one of this listing, so nothing is completed.",
        )
    })?;
    if listing.status == ListingStatus::Closed {
        return Ok(listing);
    }
    identified(tx, reach, &listing, accepted).await?;
    let (property, kind) = (listing.property_id, listing.kind);
    let closed = move_to(tx, listing, ListingStatus::Closed, Way::Offer, None, by).await?;
    let others: Vec<OfferId> = offers.iter().filter(|other| other.status.is_pending()).map(|other| other.id).collect();
    tx.run(offers::set_all(reach, &others, OfferStatus::Refused)).await?;
    tx.run(properties::close(property)).await?;
    requirements::fulfil(tx, reach, accepted.applicant_id, kind).await?;
    Ok(closed)
}

//! What becomes of an offer. Accepting one parks the others and binds the listing; falling through opens them and the listing again.
//! The listing is locked first: whoever comes second finds what the first has done.

use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Date;

use super::checks::identified;
use super::{Offer, OfferId, OfferStatus, store};
use crate::listings::{Listing, ListingStatus, Mover, Way, move_to, store as listings};
use crate::progressions::store as progressions;

/// Accepts an offer. The reach is everything.
pub(super) async fn accept(
    tx: &mut TenantTx,
    reach: Reach,
    id: OfferId,
    version: &IfMatchGiven,
    by: Mover<'_>,
) -> ApiResult<Offer> {
    let (listing, others, offer) = locked_all(tx, reach, id).await?;
    offer.expect_given(version)?;
    match offer.status {
        OfferStatus::Accepted => return Ok(offer),
        OfferStatus::Open => {}
        OfferStatus::Parked => return Err(accepted_already()),
        _ => return Err(decided(offer.status)),
    }
    if listing.status != ListingStatus::Active {
        return Err(off_market(listing.status));
    }
    if offer.valid_until < Date::today() {
        return Err(ApiError::conflict("offer_expired", "The offer was valid until a day that has passed."));
    }
    identified(tx, reach, &listing, &offer).await?;
    let parked = of(&others, OfferStatus::Open, |other| other.id != id);
    tx.run(store::set_all(reach, &parked, OfferStatus::Parked)).await?;
    let accepted = tx.run(store::set_status(reach, id, OfferStatus::Accepted)).await?;
    move_to(tx, listing, ListingStatus::UnderContract, Way::Offer, None, by).await?;
    Ok(accepted)
}

/// Lets an accepted offer come to nothing, and its progression. The reach is everything.
pub(crate) async fn fall_through(
    tx: &mut TenantTx,
    reach: Reach,
    id: OfferId,
    version: Option<&IfMatchGiven>,
    by: Mover<'_>,
) -> ApiResult<Offer> {
    let (listing, others, offer) = locked_all(tx, reach, id).await?;
    version.map_or(Ok(()), |version| offer.expect_given(version))?;
    match offer.status {
        OfferStatus::FallenThrough => return Ok(offer),
        OfferStatus::Accepted if listing.status != ListingStatus::Closed => {}
        OfferStatus::Accepted => return Err(decided(offer.status)),
        _ => return Err(ApiError::conflict("not_accepted", "Only an offer that is accepted falls through.")),
    }
    let today = Date::today();
    let fallen = tx.run(store::set_status(reach, id, OfferStatus::FallenThrough)).await?;
    tx.run(progressions::fall_with(id)).await?;
    let open = of(&others, OfferStatus::Parked, |other| other.valid_until >= today);
    let over = of(&others, OfferStatus::Parked, |other| other.valid_until < today);
    tx.run(store::set_all(reach, &open, OfferStatus::Open)).await?;
    tx.run(store::set_all(reach, &over, OfferStatus::Expired)).await?;
    if listing.status.is_under_contract() {
        let to = if listing.is_mandated_on(today) { ListingStatus::Active } else { ListingStatus::Expired };
        move_to(tx, listing, to, Way::Offer, None, by).await?;
    }
    Ok(fallen)
}

/// Ends an offer that nobody has accepted: it is refused, or withdrawn.
pub(super) async fn end(
    tx: &mut TenantTx,
    reach: Reach,
    id: OfferId,
    version: &IfMatchGiven,
    status: OfferStatus,
) -> ApiResult<Offer> {
    let (_, offer) = locked(tx, reach, id).await?;
    offer.expect_given(version)?;
    if offer.status == status {
        return Ok(offer);
    }
    if !offer.status.is_pending() {
        return Err(decided(offer.status));
    }
    Ok(tx.run(store::set_status(reach, id, status)).await?)
}

/// An offer and what it is for, both locked; the listing first.
pub(super) async fn locked(tx: &mut TenantTx, reach: Reach, id: OfferId) -> ApiResult<(Listing, Offer)> {
    let listing = lock_listing(tx, reach, id).await?;
    let offer = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    Ok((listing, offer))
}

/// The same with all offers for the listing that something can still become of. They are locked in one order for all.
async fn locked_all(tx: &mut TenantTx, reach: Reach, id: OfferId) -> ApiResult<(Listing, Vec<Offer>, Offer)> {
    let listing = lock_listing(tx, reach, id).await?;
    let others = tx.run(store::lock_live(reach, listing.id)).await?;
    let offer = tx.run(store::lock(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    Ok((listing, others, offer))
}

async fn lock_listing(tx: &mut TenantTx, reach: Reach, id: OfferId) -> ApiResult<Listing> {
    let known = tx.run(store::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    tx.run(listings::lock(known.listing_id)).await?.ok_or_else(ApiError::not_found)
}

/// Those of a status that something else is true of.
fn of(offers: &[Offer], status: OfferStatus, is: impl Fn(&Offer) -> bool) -> Vec<OfferId> {
    offers.iter().filter(|offer| offer.status == status && is(offer)).map(|offer| offer.id).collect()
}

/// Why nothing is offered for a listing, or accepted.
pub(super) fn off_market(status: ListingStatus) -> ApiError {
    ApiError::conflict(
        "not_on_the_market",
        format!("The listing is {}. Offers are for one that is active.", status.as_str()),
    )
}

pub(super) fn decided(status: OfferStatus) -> ApiError {
    match status {
        OfferStatus::Accepted => ApiError::conflict(
            "offer_is_accepted",
            "The offer is accepted. Let it fall through, as long as its sale is not completed.",
        ),
        status => ApiError::conflict("offer_is_over", format!("The offer is {}. Make another one.", status.as_str())),
    }
}

fn accepted_already() -> ApiError {
    ApiError::conflict(
        "accepted_already",
        "Another offer for this listing is accepted. This one is open again if that falls through.",
    )
}

//! The operations on offers.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, IfMatchGiven, Item, Page, Versioned,
};
use tenantry_core::value::{Amount, Date};

use super::decide::{self, decided, locked, off_market};
use super::{NewOffer, Offer, OfferFields, OfferId, OfferPatch, OfferStatus, store};
use crate::listings::{Listing, ListingStatus, Mover, store as listings};
use crate::{OffersAccept, OffersRead, OffersWrite, Tag};

/// Offers.
#[derive(Default)]
pub struct OffersApi;

#[OpenApi(tag = "Tag::Offers")]
impl OffersApi {
    /// List offers.
    #[oai(path = "/real-estate/offers", method = "get", operation_id = "offers_list")]
    async fn list(&self, caller: Can<OffersRead>, criteria: Criteria<OfferFields>) -> ApiResult<Answer<Page<Offer>>> {
        caller.read(criteria.page(&caller, store::list(caller.reach()))?).await.map(Answer)
    }

    /// Write down an offer for a listing.
    ///
    /// The listing is on the market. While another offer for it is accepted, the new one is `parked`: it is open if that falls
    /// through. 422 tells the least that is taken.
    #[oai(path = "/real-estate/offers", method = "post", operation_id = "offers_create")]
    async fn create(&self, caller: Can<OffersWrite>, body: Body<NewOffer>) -> ApiResult<Created<Offer>> {
        let new = body.0;
        let made = caller.transaction(async |tx| {
            let listing = tx.run(listings::lock(new.listing_id)).await?;
            let listing = listing.ok_or_else(|| ApiError::not_found().at("/listing_id", "there is no such record"))?;
            let status = match listing.status {
                ListingStatus::Active => OfferStatus::Open,
                ListingStatus::UnderContract => OfferStatus::Parked,
                other => return Err(off_market(other)),
            };
            valid(&listing, new.amount, new.valid_until)?;
            Ok(tx.run(store::insert(caller.reach(), OfferId::new(), new, listing.currency, status)).await?)
        });
        let record = made.await?;
        Ok(Created::at("/real-estate/offers", record.id, record))
    }

    /// Show an offer.
    #[oai(path = "/real-estate/offers/:id", method = "get", operation_id = "offers_get")]
    async fn get(&self, caller: Can<OffersRead>, id: Path<OfferId>) -> ApiResult<Item<Offer>> {
        caller.read(store::find(caller.reach(), id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an offer.
    ///
    /// Only one that is open or parked.
    #[oai(path = "/real-estate/offers/:id", method = "patch", operation_id = "offers_update")]
    async fn update(
        &self,
        caller: Can<OffersWrite>,
        id: Path<OfferId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<OfferPatch>,
    ) -> ApiResult<Item<Offer>> {
        let changed = caller.transaction(async |tx| {
            let (listing, mut offer) = locked(tx, caller.reach(), id.0).await?;
            offer.expect(&version)?;
            if !offer.status.is_pending() {
                return Err(decided(offer.status));
            }
            body.0.apply(&mut offer);
            valid(&listing, offer.amount, offer.valid_until)?;
            Ok(tx.run(store::update(caller.reach(), offer)).await?)
        });
        changed.await.map(Item)
    }

    /// Accept an offer.
    ///
    /// The listing is then `active_under_contract`, and the other open offers for it are parked. 409 `accepted_already` where another
    /// one is, `identity_check_needed` where the applicant or somebody who sells or lets has not passed an identity check that
    /// counts: it names them. One that is accepted already stays as it is.
    #[oai(path = "/real-estate/offers/:id/accept", method = "post", operation_id = "offers_accept")]
    async fn accept(
        &self,
        caller: Can<OffersAccept>,
        id: Path<OfferId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Offer>> {
        let accepted =
            caller.transaction(async |tx| decide::accept(tx, caller.reach(), id.0, &version, Mover::of(&caller)).await);
        accepted.await.map(Item)
    }

    /// Let an accepted offer fall through.
    ///
    /// The parked offers for the listing that are still valid are open again, and the listing is `active`, or `expired` where its
    /// mandate is over.
    #[oai(path = "/real-estate/offers/:id/fall-through", method = "post", operation_id = "offers_fall_through")]
    async fn fall_through(
        &self,
        caller: Can<OffersAccept>,
        id: Path<OfferId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Offer>> {
        let fallen = caller.transaction(async |tx| {
            decide::fall_through(tx, caller.reach(), id.0, Some(&version), Mover::of(&caller)).await
        });
        fallen.await.map(Item)
    }

    /// Note that an offer is refused.
    ///
    /// One that is refused already stays as it is. One that is accepted falls through instead.
    #[oai(path = "/real-estate/offers/:id/refuse", method = "post", operation_id = "offers_refuse")]
    async fn refuse(
        &self,
        caller: Can<OffersWrite>,
        id: Path<OfferId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Offer>> {
        let refused =
            caller.transaction(async |tx| decide::end(tx, caller.reach(), id.0, &version, OfferStatus::Refused).await);
        refused.await.map(Item)
    }

    /// Note that an applicant takes an offer back.
    ///
    /// One that is withdrawn already stays as it is. One that is accepted falls through instead.
    #[oai(path = "/real-estate/offers/:id/withdraw", method = "post", operation_id = "offers_withdraw")]
    async fn withdraw(
        &self,
        caller: Can<OffersWrite>,
        id: Path<OfferId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Offer>> {
        let withdrawn = caller
            .transaction(async |tx| decide::end(tx, caller.reach(), id.0, &version, OfferStatus::Withdrawn).await);
        withdrawn.await.map(Item)
    }
}

/// What is offered is enough, and for some time yet.
fn valid(listing: &Listing, amount: Amount, until: Date) -> ApiResult<()> {
    let least = listing.least_offer();
    if amount.is_zero() {
        return Err(ApiError::invalid().at("/amount", "expected an amount above zero"));
    }
    if amount < least {
        let (percent, currency) = (listing.minimum_offer_percent, listing.currency.as_str());
        return Err(ApiError::invalid()
            .at("/amount", format!("the least that is taken is {least} {currency}, {percent} % of the price asked")));
    }
    if until < Date::today() {
        return Err(ApiError::invalid().at("/valid_until", "expected today or a later day"));
    }
    Ok(())
}

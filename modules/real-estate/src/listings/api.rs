//! The operations on listings.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit,
    Page, Paging, Versioned,
};
use tenantry_core::identity::UserId;

use super::changes::{self, PriceChange, PriceChangeSort, StatusChange, StatusChangeSort};
use super::{Listing, ListingFields, ListingId, ListingPatch, Mover, NewListing, NewStatus, Way, move_to, store};
use crate::{ListingsRead, ListingsWrite, Tag};

/// Listings.
#[derive(Default)]
pub struct ListingsApi;

#[OpenApi(tag = "Tag::Listings")]
impl ListingsApi {
    /// List listings.
    #[oai(path = "/real-estate/listings", method = "get", operation_id = "listings_list")]
    async fn list(
        &self,
        caller: Can<ListingsRead>,
        criteria: Criteria<ListingFields>,
    ) -> ApiResult<Answer<Page<Listing>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a listing of a property.
    ///
    /// It is `incomplete` until `POST /real-estate/listings/{id}/status` brings it on the market.
    #[oai(path = "/real-estate/listings", method = "post", operation_id = "listings_create")]
    async fn create(&self, caller: Can<ListingsWrite>, body: Body<NewListing>) -> ApiResult<Created<Listing>> {
        let new = body.0.checked()?;
        // Who leaves right after this question leaves as the agent, as anybody does.
        let is_member = is_member(&caller, new.agent_id).await?;
        let made = caller.transaction(async |tx| {
            let listing = tx.run(store::insert(ListingId::new(), new)).await?;
            agent(is_member)?;
            tx.run(changes::note_status(&listing, None, None, caller.user())).await?;
            tx.run(changes::note_price(&listing, None, caller.user())).await?;
            Ok(listing)
        });
        let record = made.await?;
        Ok(Created::at("/real-estate/listings", record.id, record))
    }

    /// Show a listing.
    #[oai(path = "/real-estate/listings/:id", method = "get", operation_id = "listings_get")]
    async fn get(&self, caller: Can<ListingsRead>, id: Path<ListingId>) -> ApiResult<Item<Listing>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a listing.
    ///
    /// What is on the market keeps an agent, a price and a mandate. Its status changes by
    /// `POST /real-estate/listings/{id}/status`; each price stands in `/real-estate/listings/{id}/price-changes`.
    #[oai(path = "/real-estate/listings/:id", method = "patch", operation_id = "listings_update")]
    async fn update(
        &self,
        caller: Can<ListingsWrite>,
        id: Path<ListingId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ListingPatch>,
    ) -> ApiResult<Item<Listing>> {
        let is_member = is_member(&caller, body.0.agent_id.value().copied()).await?;
        let changed = caller.transaction(async |tx| {
            let mut listing = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            listing.expect(&version)?;
            agent(is_member)?;
            let (price, currency) = (listing.price, listing.currency.clone());
            body.0.apply(&mut listing)?;
            let listing = tx.run(store::update(listing)).await?;
            if listing.price != price || listing.currency != currency {
                tx.run(changes::note_price(&listing, Some(price), caller.user())).await?;
            }
            Ok(listing)
        });
        changed.await.map(Item)
    }

    /// Move a listing to another status.
    ///
    /// To be `active` it needs an agent, a price above zero and a mandate that holds today; 409 names what is missing. At most one
    /// listing of a property of each kind is on the market. What is bound to an accepted offer changes with that. To the status that
    /// it has, a listing does not move. Where nobody is shown it any more, viewings and open houses that are still to come are
    /// cancelled, and who would have come is told. Each step stands in `/real-estate/listings/{id}/status-changes`.
    #[oai(path = "/real-estate/listings/:id/status", method = "post", operation_id = "listings_move")]
    async fn set_status(
        &self,
        caller: Can<ListingsWrite>,
        id: Path<ListingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<NewStatus>,
    ) -> ApiResult<Item<Listing>> {
        let NewStatus { status, reason } = body.0;
        let moved = caller.transaction(async |tx| {
            let listing = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            listing.expect_given(&version)?;
            move_to(tx, listing, status, Way::Hand, reason, Mover::of(&caller)).await
        });
        moved.await.map(Item)
    }

    /// List the steps of a listing.
    ///
    /// The first is where it was made.
    #[oai(path = "/real-estate/listings/:id/status-changes", method = "get", operation_id = "listings_status_changes")]
    async fn status_changes(
        &self,
        caller: Can<ListingsRead>,
        id: Path<ListingId>,
        /// The order; newest first where it is left out.
        sort: Query<Option<StatusChangeSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<StatusChange>>> {
        let sort = sort.0.unwrap_or(StatusChangeSort::ChangedAtDesc);
        let paging = Paging::new(&caller, "listing_status_changes", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(changes::of_status(id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// List the prices of a listing.
    ///
    /// The first is the one that it was made with.
    #[oai(path = "/real-estate/listings/:id/price-changes", method = "get", operation_id = "listings_price_changes")]
    async fn price_changes(
        &self,
        caller: Can<ListingsRead>,
        id: Path<ListingId>,
        /// The order; newest first where it is left out.
        sort: Query<Option<PriceChangeSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<PriceChange>>> {
        let sort = sort.0.unwrap_or(PriceChangeSort::ChangedAtDesc);
        let paging = Paging::new(&caller, "listing_price_changes", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(changes::of_price(id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Delete a listing.
    ///
    /// Only one that is `incomplete` or `canceled`, and that nobody has made an offer for. Any other one is withdrawn instead.
    #[oai(path = "/real-estate/listings/:id", method = "delete", operation_id = "listings_delete")]
    async fn delete(
        &self,
        caller: Can<ListingsWrite>,
        id: Path<ListingId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let listing = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            listing.expect_given(&version)?;
            if !listing.status.may_go() {
                return Err(ApiError::conflict(
                    "withdraw_instead",
                    "Only a listing that is incomplete or canceled is deleted. Withdraw it instead.",
                ));
            }
            Ok(tx.run(store::delete(id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

/// Whether the agent that is named, if one is, is a member.
async fn is_member(caller: &Can<ListingsWrite>, agent: Option<UserId>) -> ApiResult<bool> {
    match agent {
        Some(agent) => caller.is_member(agent).await,
        None => Ok(true),
    }
}

fn agent(is_member: bool) -> ApiResult<()> {
    if is_member { Ok(()) } else { Err(ApiError::not_found().at("/agent_id", "there is no such member")) }
}

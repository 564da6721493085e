//! The operations on whose a listing is.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging};

use super::{ListingId, ListingParty, ListingPartyId, ListingPartySort, NewListingParty, store};
use crate::listings::store as listings;
use crate::{ListingPartiesRead, ListingPartiesWrite, Tag};

/// Whose listings are.
#[derive(Default)]
pub struct ListingPartiesApi;

#[OpenApi(tag = "Tag::Listings")]
impl ListingPartiesApi {
    /// List the parties of a listing.
    #[oai(path = "/real-estate/listings/:id/parties", method = "get", operation_id = "listing_parties_list")]
    async fn list(
        &self,
        caller: Can<ListingPartiesRead>,
        id: Path<ListingId>,
        /// The order; who came first comes first where it is left out.
        sort: Query<Option<ListingPartySort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<ListingParty>>> {
        let sort = sort.0.unwrap_or(ListingPartySort::CreatedAt);
        let paging = Paging::new(&caller, "listing_parties", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(listings::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Add a party to a listing.
    ///
    /// An offer is accepted where vendors or landlords have passed an identity check, so there has to be one.
    #[oai(path = "/real-estate/listings/:id/parties", method = "post", operation_id = "listing_parties_create")]
    async fn create(
        &self,
        caller: Can<ListingPartiesWrite>,
        id: Path<ListingId>,
        body: Body<NewListingParty>,
    ) -> ApiResult<Made<ListingParty>> {
        let made = caller.transaction(async |tx| {
            tx.run(listings::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::insert(caller.reach(), id.0, body.0)).await?)
        });
        made.await.map(Made)
    }

    /// Remove a party from a listing.
    #[oai(
        path = "/real-estate/listings/:id/parties/:party_id",
        method = "delete",
        operation_id = "listing_parties_delete"
    )]
    async fn delete(
        &self,
        caller: Can<ListingPartiesWrite>,
        id: Path<ListingId>,
        party_id: Path<ListingPartyId>,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            tx.run(listings::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let party = tx.run(store::lock(caller.reach(), party_id.0)).await?;
            party.filter(|party| party.listing_id == id.0).ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::delete(caller.reach(), party_id.0)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

//! The operation on interests.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can};

use super::{ListingInterest, NewInterest, store};
use crate::listings::{ListingId, store as listings};
use crate::requirements::{RequirementId, store as requirements};
use crate::{RequirementsWrite, Tag};

/// What applicants think of listings.
#[derive(Default)]
pub struct InterestsApi;

#[OpenApi(tag = "Tag::Requirements")]
impl InterestsApi {
    /// Note what an applicant thinks of a listing.
    ///
    /// It takes the place of what was noted before, and stands with the matches of both.
    #[oai(
        path = "/real-estate/listings/:id/interests/:requirement_id",
        method = "put",
        operation_id = "listing_interests_put"
    )]
    async fn put(
        &self,
        caller: Can<RequirementsWrite>,
        id: Path<ListingId>,
        requirement_id: Path<RequirementId>,
        body: Body<NewInterest>,
    ) -> ApiResult<Answer<ListingInterest>> {
        let (reach, interest) = (caller.reach(), body.0.interest);
        let noted = caller.transaction(async |tx| {
            let requirement = tx.run(requirements::lock(reach, requirement_id.0)).await?;
            let requirement = requirement.ok_or_else(ApiError::not_found)?;
            tx.run(listings::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            match tx.run(store::known(reach, id.0, requirement.id)).await? {
                Some((known,)) => Ok(tx.run(store::update(reach, known, interest)).await?),
                None => Ok(tx.run(store::insert(reach, id.0, &requirement, interest)).await?),
            }
        });
        noted.await.map(Answer)
    }
}

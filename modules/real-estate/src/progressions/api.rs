//! The operations on progressions.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, Item, Page, Versioned};

use super::chain::{self, Chain, DependOn};
use super::milestones::{self, Milestone, MilestoneName, Milestones, SetMilestone};
use super::{NewProgression, Progression, ProgressionFields, ProgressionId, ProgressionPatch, end, store};
use crate::listings::{Mover, store as listings};
use crate::offers::{OfferStatus, store as offers};
use crate::{ProgressionsRead, ProgressionsWrite, Tag};

/// Progressions.
#[derive(Default)]
pub struct ProgressionsApi;

#[OpenApi(tag = "Tag::Progressions")]
impl ProgressionsApi {
    /// List progressions.
    #[oai(path = "/real-estate/progressions", method = "get", operation_id = "progressions_list")]
    async fn list(
        &self,
        caller: Can<ProgressionsRead>,
        criteria: Criteria<ProgressionFields>,
    ) -> ApiResult<Answer<Page<Progression>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a progression.
    ///
    /// Of an offer that is accepted and has none yet.
    #[oai(path = "/real-estate/progressions", method = "post", operation_id = "progressions_create")]
    async fn create(
        &self,
        caller: Can<ProgressionsWrite>,
        body: Body<NewProgression>,
    ) -> ApiResult<Created<Progression>> {
        let (reach, offer) = (caller.reach(), body.0.offer_id);
        let missing = || ApiError::not_found().at("/offer_id", "there is no such record");
        let record = caller.transaction(async |tx| {
            let known = tx.run(offers::find(reach, offer)).await?.ok_or_else(missing)?;
            tx.run(listings::lock(known.listing_id)).await?;
            let offer = tx.run(offers::lock(reach, offer)).await?.ok_or_else(missing)?;
            if offer.status != OfferStatus::Accepted {
                let detail = "This offer is not the accepted one, so nothing follows from it.";
                return Err(ApiError::conflict("not_accepted", detail));
            }
            Ok(tx.run(store::insert(ProgressionId::new(), offer.listing_id, body.0)).await?)
        });
        let record = record.await?;
        Ok(Created::at("/real-estate/progressions", record.id, record))
    }

    /// Show a progression.
    #[oai(path = "/real-estate/progressions/:id", method = "get", operation_id = "progressions_get")]
    async fn get(&self, caller: Can<ProgressionsRead>, id: Path<ProgressionId>) -> ApiResult<Item<Progression>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a progression.
    #[oai(path = "/real-estate/progressions/:id", method = "patch", operation_id = "progressions_update")]
    async fn update(
        &self,
        caller: Can<ProgressionsWrite>,
        id: Path<ProgressionId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<ProgressionPatch>,
    ) -> ApiResult<Item<Progression>> {
        let record = caller.transaction(async |tx| {
            let mut way = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            way.expect(&version)?;
            way.goes_on()?;
            body.0.apply(&mut way);
            Ok(tx.run(store::update(way)).await?)
        });
        record.await.map(Item)
    }

    /// List the milestones of a progression.
    ///
    /// Those that somebody has said something of, in the order in which they come.
    #[oai(
        path = "/real-estate/progressions/:id/milestones",
        method = "get",
        operation_id = "progression_milestones_list"
    )]
    async fn milestones(
        &self,
        caller: Can<ProgressionsRead>,
        id: Path<ProgressionId>,
    ) -> ApiResult<Answer<Milestones>> {
        let items = caller.read_all(async |tx| {
            tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(milestones::all(id.0)).await?)
        });
        items.await.map(|items| Answer(Milestones { items }))
    }

    /// Say by when something has to be done, or since when it is.
    ///
    /// That a sale is completed is noted by completing the progression.
    #[oai(
        path = "/real-estate/progressions/:id/milestones/:name",
        method = "put",
        operation_id = "progression_milestones_put"
    )]
    async fn set_milestone(
        &self,
        caller: Can<ProgressionsWrite>,
        id: Path<ProgressionId>,
        /// `memorandum`, `survey`, `mortgage_offer`, `searches`, `contracts_ready`, `exchanged` or `completed`.
        name: Path<String>,
        body: Body<SetMilestone>,
    ) -> ApiResult<Answer<Milestone>> {
        let name = MilestoneName::read(&name.0)?;
        let say = body.0.checked(name)?;
        let milestone = caller.transaction(async |tx| {
            tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?.goes_on()?;
            Ok(tx.run(milestones::put(id.0, name, say)).await?)
        });
        milestone.await.map(Answer)
    }

    /// Have a progression wait for another one.
    ///
    /// With null it waits for none. None waits for itself, directly or through others: 409 `chain_cycle`.
    #[oai(path = "/real-estate/progressions/:id/depends-on", method = "put", operation_id = "progressions_depend_on")]
    async fn depend_on(
        &self,
        caller: Can<ProgressionsWrite>,
        id: Path<ProgressionId>,
        body: Body<DependOn>,
    ) -> ApiResult<Item<Progression>> {
        let linked = caller.transaction(async |tx| chain::link(tx, id.0, body.0.progression_id).await);
        linked.await.map(Item)
    }

    /// Show the chain of a progression.
    ///
    /// All that wait for each other, up to 100: first the one that the others wait for.
    #[oai(path = "/real-estate/progressions/:id/chain", method = "get", operation_id = "progressions_chain")]
    async fn chain(&self, caller: Can<ProgressionsRead>, id: Path<ProgressionId>) -> ApiResult<Answer<Chain>> {
        let items = caller.read(chain::of(id.0)).await?;
        if items.is_empty() { Err(ApiError::not_found()) } else { Ok(Answer(Chain { items })) }
    }

    /// Complete a progression.
    ///
    /// It takes the milestone `exchanged`, and on both sides passed identity checks that have not expired. The listing is closed,
    /// other offers for it are refused, the applicant's requirement is fulfilled, and commissions are due. One that is completed stays
    /// as it is.
    #[oai(path = "/real-estate/progressions/:id/complete", method = "post", operation_id = "progressions_complete")]
    async fn complete(&self, caller: Can<ProgressionsWrite>, id: Path<ProgressionId>) -> ApiResult<Item<Progression>> {
        let (reach, by) = (caller.reach(), Mover::of(&caller));
        caller.transaction(async |tx| end::complete(tx, reach, id.0, by).await).await.map(Item)
    }

    /// Let a progression fall through.
    ///
    /// Its offer falls through, and the listing is open again. One that has fallen through stays as it is.
    #[oai(
        path = "/real-estate/progressions/:id/fall-through",
        method = "post",
        operation_id = "progressions_fall_through"
    )]
    async fn fall_through(
        &self,
        caller: Can<ProgressionsWrite>,
        id: Path<ProgressionId>,
    ) -> ApiResult<Item<Progression>> {
        let (reach, by) = (caller.reach(), Mover::of(&caller));
        caller.transaction(async |tx| end::fall_through(tx, reach, id.0, by).await).await.map(Item)
    }
}

//! The operations on what becomes of viewings.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use tenantry_core::http::{ApiResult, Body, Can, IfMatchGiven, Item};

use super::{cancel, confirm, end, feedback, move_to};
use crate::viewings::terms::{CancelViewing, MoveViewing, ViewingFeedback};
use crate::viewings::{Viewing, ViewingId, ViewingStatus};
use crate::{Tag, ViewingsWrite};

/// What becomes of viewings.
#[derive(Default)]
pub struct ViewingStepsApi;

#[OpenApi(tag = "Tag::Viewings")]
impl ViewingStepsApi {
    /// Confirm a viewing.
    ///
    /// The applicant is told by letter, once. Where somebody lives there, they have to be told before, in time: 409
    /// `occupier_not_told`, `occupier_told_late`. Where nobody accompanies the applicant, a set of keys of the property is checked out
    /// to them before: 409 `keys_needed`. One that is confirmed stays as it is.
    #[oai(path = "/real-estate/viewings/:id/confirm", method = "post", operation_id = "viewings_confirm")]
    async fn confirm(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Viewing>> {
        let confirmed =
            caller.transaction(async |tx| confirm(tx, caller.reach(), caller.notify(), id.0, &version).await);
        confirmed.await.map(Item)
    }

    /// Move a viewing to another time.
    ///
    /// 409 where that is not free, with what is free instead. One that is confirmed is so at the new time, where the same holds as for
    /// confirming it, and the applicant is told. One to which others come too is not moved: 409 `group_viewing`.
    #[oai(path = "/real-estate/viewings/:id/move", method = "post", operation_id = "viewings_move")]
    async fn move_to(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<MoveViewing>,
    ) -> ApiResult<Item<Viewing>> {
        let to = body.0;
        let agent = match to.agent_id {
            Some(agent) => caller.member_name(agent).await?,
            None => None,
        };
        let moved = caller
            .transaction(async |tx| move_to(tx, caller.reach(), caller.notify(), id.0, &version, to, agent).await);
        moved.await.map(Item)
    }

    /// Note that a viewing has taken place.
    ///
    /// One that was confirmed and has begun. One that is done stays as it is.
    #[oai(path = "/real-estate/viewings/:id/complete", method = "post", operation_id = "viewings_complete")]
    async fn complete(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Viewing>> {
        let done = caller.transaction(async |tx| end(tx, caller.reach(), id.0, &version, ViewingStatus::Done).await);
        done.await.map(Item)
    }

    /// Note that nobody came to a viewing.
    ///
    /// One that was confirmed and has begun. One to which nobody came stays as it is.
    #[oai(path = "/real-estate/viewings/:id/no-show", method = "post", operation_id = "viewings_no_show")]
    async fn no_show(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Viewing>> {
        let missed =
            caller.transaction(async |tx| end(tx, caller.reach(), id.0, &version, ViewingStatus::NoShow).await);
        missed.await.map(Item)
    }

    /// Cancel a viewing.
    ///
    /// Its time is free again, unless others come to it, and the applicant is told by letter. One that is cancelled stays as it is.
    #[oai(path = "/real-estate/viewings/:id/cancel", method = "post", operation_id = "viewings_cancel")]
    async fn cancel(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<CancelViewing>,
    ) -> ApiResult<Item<Viewing>> {
        let reason = body.0.reason;
        let cancelled =
            caller.transaction(async |tx| cancel(tx, caller.reach(), caller.notify(), id.0, &version, reason).await);
        cancelled.await.map(Item)
    }

    /// Note what an applicant thinks after a viewing.
    ///
    /// Of one that is done. It takes the place of what was noted before. The interest is noted for whatever of the kind they look for,
    /// too: see `PUT /real-estate/listings/{id}/interests/{requirement_id}`.
    #[oai(path = "/real-estate/viewings/:id/feedback", method = "post", operation_id = "viewings_feedback")]
    async fn feedback(
        &self,
        caller: Can<ViewingsWrite>,
        id: Path<ViewingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<ViewingFeedback>,
    ) -> ApiResult<Item<Viewing>> {
        let noted = caller.transaction(async |tx| feedback::note(tx, caller.reach(), id.0, &version, body.0).await);
        noted.await.map(Item)
    }
}

//! The operation on the feed.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::{EventList, store};
use crate::events::EventsRead;
use crate::http::{Answer, ApiResult, Can, Limit};
use crate::module::Tag;

/// The feed.
#[derive(Default)]
pub struct EventsApi;

#[OpenApi(tag = "Tag::Events")]
impl EventsApi {
    /// List what has happened since.
    ///
    /// Oldest first, of the last 30 days and of those records that the caller may see. Ask again with `last` as `after`: what
    /// is told after it has happened after it. A change is told a moment after it was made.
    #[oai(path = "/events", method = "get", operation_id = "events_list")]
    async fn list(
        &self,
        caller: Can<EventsRead>,
        /// `last` of the answer before; 0 is the beginning.
        #[oai(validator(minimum(value = "0")))]
        after: Query<Option<i64>>,
        /// Events in an answer.
        limit: Query<Option<Limit>>,
    ) -> ApiResult<Answer<EventList>> {
        let after = after.0.unwrap_or_default();
        let seen = caller.modules().events().filter(|source| caller.allows(source.read));
        let resources = seen.map(|source| source.resource).collect();
        let heard = caller.read(store::after(after, resources, limit.0.unwrap_or_default())).await?;
        let last = heard.last().map_or(after, |heard| heard.position);
        let items = heard.into_iter().filter_map(|heard| heard.event(caller.modules())).collect();
        Ok(Answer(EventList { items, last }))
    }
}

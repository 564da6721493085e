//! The operations on feeds.

use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type as _;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

use super::{Entry, Feed, FeedId, MadeFeed, store, written};
use crate::calendar::{BookingsWrite, CalendarRead};
use crate::http::{Anonymous, Answer, ApiError, ApiResult, Can, Deleted, Made};
use crate::module::Tag;
use crate::permission::Permission as _;
use crate::value::Text;

/// Feeds that one person can have.
const MOST: i64 = 20;
const KIND: &str = "text/calendar; charset=utf-8";

/// The caller's feeds.
#[derive(Debug, Serialize, Object)]
pub struct FeedList {
    /// The feeds, the oldest first; at most 20.
    pub items: Vec<Feed>,
}

/// 200 with a calendar.
pub struct Ics(String);

impl IntoResponse for Ics {
    fn into_response(self) -> Response {
        Response::builder().content_type(KIND).header("cache-control", "private, max-age=300").body(self.0)
    }
}

impl ApiResponse for Ics {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: KIND, schema: String::schema_ref() }];
        let description = "The bookings, as RFC 5545 has them.";
        let response =
            MetaResponse { description, status: Some(200), status_range: None, content, headers: Vec::new() };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}

/// Feeds.
#[derive(Default)]
pub struct FeedsApi;

#[OpenApi(tag = "Tag::Calendar")]
impl FeedsApi {
    /// List one's own feeds.
    #[oai(path = "/calendar/feeds", method = "get", operation_id = "calendar_feeds_list")]
    async fn list(&self, caller: Can<CalendarRead>) -> ApiResult<Answer<FeedList>> {
        let items = caller.read(store::of(caller.user())).await?;
        Ok(Answer(FeedList { items }))
    }

    /// Make a feed of one's own bookings.
    ///
    /// Calendar programs read it at `url` without signing in. It has what is booked of the resources whose `user_id` is the caller, from a
    /// month ago to a year ahead.
    #[oai(path = "/calendar/feeds", method = "post", operation_id = "calendar_feeds_create")]
    async fn create(&self, caller: Can<BookingsWrite>) -> ApiResult<Made<MadeFeed>> {
        let id = FeedId::new();
        let url = caller.platform().feeds().url(caller.tenant(), id).map_err(|_| ApiError::internal())?;
        let made = caller.write(store::insert(id, caller.user(), MOST)).await?;
        let many = || ApiError::conflict("too_many_feeds", "You have 20 feeds. Delete one that you do not need.");
        let Feed { id, created_at } = made.ok_or_else(many)?;
        Ok(Made(MadeFeed { id, url, created_at }))
    }

    /// Delete a feed of one's own: nobody reads it any more.
    #[oai(path = "/calendar/feeds/:id", method = "delete", operation_id = "calendar_feeds_delete")]
    async fn delete(&self, caller: Can<BookingsWrite>, id: Path<FeedId>) -> ApiResult<Deleted> {
        let is_gone = caller.write(store::delete(id.0, caller.user())).await?;
        if is_gone { Ok(Deleted) } else { Err(ApiError::not_found()) }
    }

    /// Read a feed.
    #[oai(path = "/calendar/ics/:token", method = "get", operation_id = "calendar_feeds_read")]
    async fn read(
        &self,
        caller: Anonymous,
        /// The end of the address.
        token: Path<Text<200>>,
    ) -> ApiResult<Ics> {
        let (tenant, feed) = caller.0.feeds().read(token.0.as_str()).ok_or_else(ApiError::not_found)?;
        let content = caller.0.db().run(store::content(tenant, feed)).await?.ok_or_else(ApiError::not_found)?;
        if !content.role().verdict(&CalendarRead::INFO).is_allowed() {
            return Err(ApiError::not_found());
        }
        let entries: Vec<Entry> = serde_json::from_value(content.bookings).map_err(|_| ApiError::internal())?;
        Ok(Ics(written(&content.name, &entries)))
    }
}

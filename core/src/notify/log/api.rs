//! The operation on the log.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::{NoticeState, Notification, NotificationSort, store};
use crate::http::{Answer, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;
use crate::notify::NotificationsRead;
use crate::notify::destination::Destination;
use crate::notify::kind::Channel;
use crate::value::Text;

/// Notices that were posted.
#[derive(Default)]
pub struct NotificationsApi;

#[OpenApi(tag = "Tag::Notifications")]
impl NotificationsApi {
    /// List notices.
    ///
    /// Of the last 90 days, with what has become of each. What they said is kept nowhere.
    #[oai(path = "/notifications", method = "get", operation_id = "notifications_list")]
    #[allow(clippy::too_many_arguments, reason = "an operation takes what its query has")]
    async fn list(
        &self,
        caller: Can<NotificationsRead>,
        /// Only of this kind.
        kind: Query<Option<Text<60>>>,
        /// Only those that are sent so.
        channel: Query<Option<Channel>>,
        /// Only to this e-mail address or telephone number.
        to: Query<Option<Destination>>,
        /// Only those in this state.
        state: Query<Option<NoticeState>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<NotificationSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Notification>>> {
        let filter = store::Filter { kind: kind.0, channel: channel.0, to: to.0, state: state.0 };
        let sort = sort.0.unwrap_or(NotificationSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "notifications", sort, limit.0, cursor.0)?;
        caller.read(store::list(filter, paging)).await.map(Answer)
    }
}

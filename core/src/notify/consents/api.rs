//! The operations on consents.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::{Consent, ConsentPurpose, ConsentSort, NewConsent, store};
use crate::http::{Answer, ApiResult, Body, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;
use crate::notify::destination::Destination;
use crate::notify::{NotificationsRead, NotificationsWrite};

/// Consents to notices.
#[derive(Default)]
pub struct ConsentsApi;

#[OpenApi(tag = "Tag::Notifications")]
impl ConsentsApi {
    /// List consents.
    #[oai(path = "/notification-consents", method = "get", operation_id = "notification_consents_list")]
    async fn list(
        &self,
        caller: Can<NotificationsRead>,
        /// Only for this e-mail address or telephone number.
        address: Query<Option<Destination>>,
        /// Only for this purpose.
        purpose: Query<Option<ConsentPurpose>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<ConsentSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Consent>>> {
        let sort = sort.0.unwrap_or(ConsentSort::ChangedAtDesc);
        let paging = Paging::new(&caller, "notification-consents", sort, limit.0, cursor.0)?;
        caller.read(store::list(address.0, purpose.0.map(Into::into), paging)).await.map(Answer)
    }

    /// Write a consent down, or that it was refused.
    ///
    /// What was said about the same address and purpose before no longer holds. Said again, the first time stays.
    #[oai(path = "/notification-consents", method = "put", operation_id = "notification_consents_put")]
    async fn put(&self, caller: Can<NotificationsWrite>, body: Body<NewConsent>) -> ApiResult<Answer<Consent>> {
        caller.write(store::put(body.0)).await.map(Answer)
    }
}

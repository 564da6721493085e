//! The operations on settings.

use poem_openapi::OpenApi;

use super::{NotificationSettings, SettingsPatch, store};
use crate::http::{ApiResult, Body, Can, IfMatch, Item, Versioned};
use crate::module::Tag;
use crate::notify::{NotificationsRead, NotificationsWrite};

/// How an organization sends notices.
#[derive(Default)]
pub struct SettingsApi;

#[OpenApi(tag = "Tag::Notifications")]
impl SettingsApi {
    /// Show how notices are sent.
    #[oai(path = "/notification-settings", method = "get", operation_id = "notification_settings_get")]
    async fn get(&self, caller: Can<NotificationsRead>) -> ApiResult<Item<NotificationSettings>> {
        caller.read(store::find()).await.map(Item)
    }

    /// Change how notices are sent.
    ///
    /// What waits for the end of quiet hours is looked at anew then.
    #[oai(path = "/notification-settings", method = "patch", operation_id = "notification_settings_update")]
    async fn update(
        &self,
        caller: Can<NotificationsWrite>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<SettingsPatch>,
    ) -> ApiResult<Item<NotificationSettings>> {
        let changed = caller.transaction(async |tx| {
            let mut settings = tx.run(store::lock()).await?;
            settings.expect(&version)?;
            body.0.apply(&mut settings)?;
            Ok(tx.run(store::update(settings)).await?)
        });
        changed.await.map(Item)
    }
}

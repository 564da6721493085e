//! How an organization sends notices: when none go out, in which language, and under whose name.

mod api;
pub(super) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::SettingsApi;

use crate::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use crate::row;
use crate::value::{Clock, Locale, Text, TimeZone, WallTime};

/// How an organization sends notices.
#[derive(Debug, Serialize, Object)]
pub struct NotificationSettings {
    /// When notices wait; null where they never do. Those about access to an account never wait.
    pub quiet_hours: Option<QuietHours>,
    /// Where the clock stands that quiet hours are on, such as `Europe/Vienna`.
    pub time_zone: TimeZone,
    /// The language where a notice asks for none, or for one that has no words.
    pub language: Locale,
    /// The name that letters come from; null where it is the installation's. Letters about access to an account always come
    /// from the installation.
    pub sender_name: Option<Text<60>>,
    /// When they were last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    pub(super) id: Uuid,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

impl Versioned for NotificationSettings {
    fn version(&self) -> i64 {
        self.version
    }
}

/// From when until when nothing is sent, on a clock on the wall. It may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first minute.
    pub from: WallTime,
    /// The first minute that is not in it any more.
    pub until: WallTime,
}

/// The same as it is stored.
pub struct StoredSettings {
    id: Uuid,
    quiet_from: Option<WallTime>,
    quiet_until: Option<WallTime>,
    time_zone: TimeZone,
    language: Locale,
    sender_name: Option<Text<60>>,
    updated_at: OffsetDateTime,
    version: i64,
}
row!(StoredSettings { id, quiet_from, quiet_until, time_zone, language, sender_name, updated_at, version });

impl From<StoredSettings> for NotificationSettings {
    fn from(stored: StoredSettings) -> Self {
        let StoredSettings { id, quiet_from, quiet_until, time_zone, language, sender_name, updated_at, version } =
            stored;
        let quiet_hours = quiet_from.zip(quiet_until).map(|(from, until)| QuietHours { from, until });
        Self { quiet_hours, time_zone, language, sender_name, updated_at, id, version }
    }
}

/// What to change. A field that is left out stays; null clears what can be null.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsPatch {
    /// When notices wait.
    quiet_hours: MaybeUndefined<QuietHours>,
    /// Where the clock stands.
    time_zone: Change<TimeZone>,
    /// The language where a notice asks for none, or for one that has no words.
    language: Change<Locale>,
    /// The name that letters come from.
    sender_name: MaybeUndefined<Text<60>>,
}

impl SettingsPatch {
    fn apply(self, settings: &mut NotificationSettings) -> ApiResult<()> {
        patch(&mut settings.quiet_hours, self.quiet_hours);
        replace(&mut settings.time_zone, self.time_zone);
        replace(&mut settings.language, self.language);
        patch(&mut settings.sender_name, self.sender_name);
        if !settings.language.is_plain() {
            return Err(ApiError::invalid().at("/language", "expected a language such as en or de-AT"));
        }
        settings.language = settings.language.canonical();
        if settings.quiet_hours.is_some_and(|quiet| quiet.from == quiet.until) {
            return Err(ApiError::invalid().at("/quiet_hours/until", "must be another time than from"));
        }
        if Clock::of(&settings.time_zone).is_none() {
            return Err(
                ApiError::invalid().at("/time_zone", "no such time zone is known, expected one such as Europe/Vienna")
            );
        }
        Ok(())
    }
}

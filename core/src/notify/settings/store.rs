//! The SQL of settings.

use super::{NotificationSettings, StoredSettings};
use crate::sql;
use crate::tenancy::{Statement, change, select, statement};
use crate::value::TimeZone;

/// Each organization has them from the start.
pub(in crate::notify) fn find() -> Statement<NotificationSettings> {
    select::<StoredSettings>(sql!("FROM notification_settings LIMIT 1"))
        .one::<StoredSettings>()
        .map(NotificationSettings::from)
}

/// Where the organization's clock stands.
pub fn time_zone() -> Statement<TimeZone> {
    statement(sql!("SELECT time_zone FROM notification_settings LIMIT 1")).one().map(|(zone,)| zone)
}

pub(super) fn lock() -> Statement<NotificationSettings> {
    select::<StoredSettings>(sql!("FROM notification_settings LIMIT 1 FOR UPDATE"))
        .one::<StoredSettings>()
        .map(NotificationSettings::from)
}

pub(super) fn update(settings: NotificationSettings) -> Statement<NotificationSettings> {
    let (from, until) = settings.quiet_hours.map(|quiet| (quiet.from, quiet.until)).unzip();
    change::<StoredSettings>(sql!("notification_settings"))
        .set(sql!("quiet_from"), from)
        .set(sql!("quiet_until"), until)
        .set(sql!("time_zone"), settings.time_zone)
        .set(sql!("language"), settings.language)
        .set(sql!("sender_name"), settings.sender_name)
        .update(settings.id)
        .map(NotificationSettings::from)
}

//! The SQL of the log.

use super::{NoticeState, Notification, NotificationSort};
use crate::http::{Page, Paging};
use crate::notify::LOG_DAYS;
use crate::notify::destination::Destination;
use crate::notify::kind::Channel;
use crate::sql;
use crate::tenancy::{Statement, records, statement};
use crate::value::Text;

/// Which notices to list.
pub(super) struct Filter {
    pub(super) kind: Option<Text<60>>,
    pub(super) channel: Option<Channel>,
    pub(super) to: Option<Destination>,
    pub(super) state: Option<NoticeState>,
}

pub(super) fn list(filter: Filter, paging: Paging<NotificationSort>) -> Statement<Page<Notification>> {
    let Filter { kind, channel, to, state } = filter;
    let notices = records(sql!("notices"))
        .filter(sql!("created_at > now() - make_interval(days => $1)"), Some(LOG_DAYS))
        .filter(sql!("kind = $1"), kind)
        .filter(sql!("channel = $1"), channel)
        .filter(sql!("recipient = $1"), to)
        .filter(sql!("state = $1"), state);
    paging.page(notices)
}

/// Forgets the oldest notices, where there are too old ones.
pub(in crate::notify) fn forget() -> Statement<()> {
    statement(sql!(
        "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE created_at < now() - make_interval(days => $1) ",
        "ORDER BY created_at LIMIT 10000)"
    ))
    .bind(LOG_DAYS)
    .done()
}

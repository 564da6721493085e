//! The SQL of feeds.

use serde_json::Value;
use uuid::Uuid;

use super::{Feed, FeedId};
use crate::permission::{HeldRole, RecordScope, RoleKey};
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, TenantId, select, statement};

/// The feeds of a person, the oldest first.
pub(super) fn of(user: Uuid) -> Statement<Vec<Feed>> {
    select::<Feed>(sql!("FROM calendar_feeds WHERE user_id = $1 ORDER BY created_at, id")).bind(user).many()
}

/// Makes a feed, where the person has fewer than `most`.
pub(super) fn insert(id: FeedId, user: Uuid, most: i64) -> Statement<Option<Feed>> {
    statement(sql!(
        "INSERT INTO calendar_feeds (id, user_id) SELECT $1, $2 ",
        "WHERE (SELECT count(*) FROM calendar_feeds WHERE user_id = $2) < $3 RETURNING id, created_at"
    ))
    .bind(id)
    .bind(user)
    .bind(most)
    .optional()
}

/// Deletes a feed of a person, and tells whether there was one.
pub(super) fn delete(id: FeedId, user: Uuid) -> Statement<bool> {
    statement(sql!("DELETE FROM calendar_feeds WHERE id = $1 AND user_id = $2 RETURNING 1")).bind(id).bind(user).any()
}

/// What stands in a feed.
pub(super) struct Content {
    pub(super) name: String,
    role: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
    pub(super) bookings: Value,
}
row!(Content { name, role, permissions, scope, bookings });

impl Content {
    /// The role by which its person reads it.
    pub(super) fn role(&self) -> HeldRole {
        HeldRole::stored(self.role, self.permissions.clone(), self.scope)
    }
}

/// Reads a feed. It is the platform's, for nobody is signed in.
pub(super) fn content(tenant: TenantId, feed: FeedId) -> Statement<Option<Content>> {
    statement(sql!("SELECT name, role, permissions, scope, bookings FROM calendar_feed($1, $2)"))
        .bind(tenant)
        .bind(feed)
        .optional()
}

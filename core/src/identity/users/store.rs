//! The SQL of people, on the schema `platform`.

use uuid::Uuid;

use super::{BelongingSort, Me, StoredBelonging};
use crate::http::{Page, Paging};
use crate::identity::Account;
use crate::identity::second_factor::SHORT_PASSWORD;
use crate::row;
use crate::sql;
use crate::tenancy::{Refusal, Statement, change, records, select, statement};

pub(super) fn find(user: Uuid) -> Statement<Option<Me>> {
    select::<Me>(sql!("FROM users WHERE id = $1 AND deleted_at IS NULL")).bind(user).optional()
}

pub(super) fn lock(user: Uuid) -> Statement<Option<Me>> {
    select::<Me>(sql!("FROM users WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE")).bind(user).optional()
}

pub(super) fn update(me: Me) -> Statement<Me> {
    change(sql!("users"))
        .set(sql!("name"), me.name)
        .set(sql!("locale"), me.locale)
        .set(sql!("time_zone"), me.time_zone)
        .update(me.id)
}

pub(super) fn belongings(user: Uuid, paging: Paging<BelongingSort>) -> Statement<Page<StoredBelonging>> {
    let belongings = records(sql!(
        "(SELECT t.id, t.slug, t.name, t.status, m.role, m.created_at AS joined_at, m.user_id FROM memberships m ",
        "JOIN tenants t ON t.id = m.tenant_id) AS belongings"
    ))
    .filter(sql!("user_id = $1 AND status <> 'purged'"), Some(user));
    paging.page(belongings)
}

/// One's own account, to be proved by its password once more.
pub(super) struct Own {
    pub(super) email: String,
    pub(super) password_hash: String,
    /// Whether there is a second factor, beside which a shorter password is enough.
    pub(super) second_factor: bool,
}
row!(Own {
    email,
    password_hash,
    second_factor = "EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = users.id AND f.confirmed_at IS NOT NULL)"
});

impl Account for Own {
    const KIND: &'static str = "own account";

    fn password_hash(&self) -> &str {
        &self.password_hash
    }
}

pub(super) fn own(user: Uuid) -> Statement<Option<Own>> {
    select::<Own>(sql!("FROM users WHERE id = $1 AND deleted_at IS NULL")).bind(user).optional()
}

/// Replaces a password, if it is still the one that was proved; ends the person's other sessions, and makes letters void
/// with which somebody who knew the old one could choose it anew or take the account to another address.
pub(super) fn set_password(user: Uuid, session: Uuid, proved: String, hash: String, long: bool) -> Statement<bool> {
    statement(sql!(
        "WITH person AS (UPDATE users SET password_hash = $4, password_long = $5 ",
        "WHERE id = $1 AND password_hash = $3 RETURNING id), ",
        "ended AS (UPDATE sessions s SET ended_at = now() FROM person ",
        "WHERE s.user_id = person.id AND s.id <> $2 AND s.kind = 'person' AND s.ended_at IS NULL), ",
        "void AS (DELETE FROM one_time_tokens o USING person WHERE o.user_id = person.id ",
        "AND purpose IN ('reset_password', 'change_email')) ",
        "SELECT 1 FROM person"
    ))
    .bind(user)
    .bind(session)
    .bind(proved)
    .bind(hash)
    .bind(long)
    .any()
    .refused_by(SHORT_PASSWORD.0, SHORT_PASSWORD.1)
}

/// Gives a person another address, which is proved; tells the former one. Tokens of letters to that one prove nothing any more.
pub(super) fn set_email(user: Uuid, email: String) -> Statement<Option<(String,)>> {
    statement(sql!(
        "WITH former AS (SELECT id, email FROM users WHERE id = $1 AND deleted_at IS NULL FOR UPDATE), ",
        "person AS (UPDATE users u SET email = $2, email_verified_at = now(), version = u.version + 1, ",
        "updated_at = now() FROM former WHERE u.id = former.id RETURNING former.email) ",
        "SELECT email FROM person"
    ))
    .bind(user)
    .bind(email)
    .optional()
    .refused_by(
        "users_email_key",
        Refusal::InTheWay {
            code: "email_taken",
            detail: "Somebody has registered with this address in the meantime. Choose another one.",
        },
    )
}

/// Whether the session's person has signed in less than a quarter of an hour ago.
pub(crate) fn is_fresh(session: Uuid) -> Statement<bool> {
    statement(sql!("SELECT 1 FROM sessions WHERE id = $1 AND signed_in_at > now() - interval '15 minutes'"))
        .bind(session)
        .any()
}

/// Locks every organization that the person is in, in one order for all.
pub(super) fn lock_organizations(user: Uuid) -> Statement<()> {
    statement(sql!(
        "SELECT 1 FROM tenants WHERE id IN (SELECT tenant_id FROM memberships WHERE user_id = $1) ",
        "ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind(user)
    .done()
}

/// Whether some organization, also one that can still be restored, would be without an owner.
pub(super) fn is_a_last_owner(user: Uuid) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM memberships m JOIN tenants t ON t.id = m.tenant_id ",
        "WHERE m.user_id = $1 AND m.role = 'owner' AND t.status <> 'purged' ",
        "AND NOT EXISTS (SELECT 1 FROM memberships o ",
        "WHERE o.tenant_id = m.tenant_id AND o.role = 'owner' AND o.user_id <> $1) LIMIT 1"
    ))
    .bind(user)
    .any()
}

/// Takes everything from a person's row but its id, which what the person did in organizations refers to.
pub(super) fn erase(user: Uuid) -> Statement<()> {
    statement(sql!(
        "WITH left_all AS (DELETE FROM memberships WHERE user_id = $1), ",
        "ended AS (UPDATE sessions SET ended_at = coalesce(ended_at, now()), device = NULL, address = NULL ",
        "WHERE user_id = $1), ",
        "void AS (DELETE FROM one_time_tokens WHERE user_id = $1), ",
        "unarmed AS (DELETE FROM second_factors WHERE user_id = $1) ",
        "UPDATE users SET email = 'deleted-' || id || '@deleted.invalid', name = 'Deleted', password_hash = '-', password_long = true, ",
        "locale = 'en', time_zone = 'UTC', email_verified_at = NULL, deleted_at = now(), updated_at = now() ",
        "WHERE id = $1"
    ))
    .bind(user)
    .done()
}

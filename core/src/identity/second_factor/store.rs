//! The SQL of second factors, on the schema `platform`.

use std::time::Duration;

use uuid::Uuid;

use crate::row;
use crate::sql;
use crate::tenancy::{Refusal, Statement, statement};

/// What the database says where a short password would stand without a second factor; name of the constraint and meaning.
pub(in crate::identity) const SHORT_PASSWORD: (&str, Refusal) = (
    "users_password_check",
    Refusal::InTheWay {
        code: "password_too_short",
        detail: "A password of fewer than 15 characters is enough only beside a second factor. Change it to a longer one first.",
    },
);

/// A factor, as codes are checked against.
pub(super) struct Factor {
    pub(super) seed: Vec<u8>,
}
row!(Factor { seed });

pub(super) fn confirmed(user: Uuid) -> Statement<Option<Factor>> {
    statement(sql!("SELECT seed FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL"))
        .bind(user)
        .optional()
}

/// The factor that waits for its first code.
pub(super) fn unconfirmed(user: Uuid) -> Statement<Option<Factor>> {
    statement(sql!("SELECT seed FROM second_factors WHERE user_id = $1 AND confirmed_at IS NULL FOR UPDATE"))
        .bind(user)
        .optional()
}

/// Since when there is a factor, and how many recovery codes are left.
pub(super) fn state(user: Uuid) -> Statement<Option<(time::OffsetDateTime, i64)>> {
    statement(sql!(
        "SELECT f.confirmed_at, (SELECT count(*) FROM recovery_codes r WHERE r.user_id = f.user_id) ",
        "FROM second_factors f WHERE f.user_id = $1 AND f.confirmed_at IS NOT NULL"
    ))
    .bind(user)
    .optional()
}

pub(super) fn email(user: Uuid) -> Statement<Option<(String,)>> {
    statement(sql!("SELECT email FROM users WHERE id = $1 AND deleted_at IS NULL")).bind(user).optional()
}

/// Stores a seed in the place of one that was never confirmed. False where one is confirmed.
pub(super) fn begin(user: Uuid, seed: Vec<u8>) -> Statement<bool> {
    statement(sql!(
        "INSERT INTO second_factors (user_id, seed) VALUES ($1, $2) ",
        "ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, created_at = now() ",
        "WHERE second_factors.confirmed_at IS NULL RETURNING 1"
    ))
    .bind(user)
    .bind(seed)
    .any()
}

/// Switches a factor on. Its first code is used up by that.
pub(super) fn confirm(user: Uuid, step: i64) -> Statement<bool> {
    statement(sql!(
        "UPDATE second_factors SET confirmed_at = now(), last_step = $2, tries = 0 ",
        "WHERE user_id = $1 AND confirmed_at IS NULL RETURNING 1"
    ))
    .bind(user)
    .bind(step)
    .any()
}

/// Gives a person recovery codes, in the place of older ones.
pub(super) fn set_recovery_codes(user: Uuid, hashes: Vec<Vec<u8>>) -> Statement<()> {
    statement(sql!(
        "WITH gone AS (DELETE FROM recovery_codes WHERE user_id = $1) ",
        "INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])"
    ))
    .bind(user)
    .bind(hashes)
    .done()
}

pub(super) fn remove(user: Uuid) -> Statement<bool> {
    statement(sql!("DELETE FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL RETURNING 1"))
        .bind(user)
        .any()
        .refused_by(SHORT_PASSWORD.0, SHORT_PASSWORD.1)
}

/// Counts a try. False where five were counted in the window already.
pub(super) fn count_try(user: Uuid, window: Duration) -> Statement<bool> {
    statement(sql!(
        "UPDATE second_factors SET ",
        "tries = CASE WHEN tries_since > now() - make_interval(secs => $2) THEN tries + 1 ELSE 1 END, ",
        "tries_since = CASE WHEN tries_since > now() - make_interval(secs => $2) AND tries > 0 ",
        "THEN tries_since ELSE now() END ",
        "WHERE user_id = $1 AND (tries < 5 OR tries_since <= now() - make_interval(secs => $2)) RETURNING 1"
    ))
    .bind(user)
    .bind(window.as_secs_f64())
    .any()
}

/// Uses a code up: none of its step or an earlier one works after it. Of the same code at once, one is taken.
pub(super) fn take_step(user: Uuid, step: i64) -> Statement<bool> {
    statement(sql!(
        "UPDATE second_factors SET last_step = $2, tries = 0 WHERE user_id = $1 AND last_step < $2 RETURNING 1"
    ))
    .bind(user)
    .bind(step)
    .any()
}

/// Uses a recovery code up.
pub(super) fn take_recovery_code(user: Uuid, hash: Vec<u8>) -> Statement<bool> {
    statement(sql!(
        "WITH taken AS (DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING user_id) ",
        "UPDATE second_factors f SET tries = 0 FROM taken WHERE f.user_id = taken.user_id RETURNING 1"
    ))
    .bind(user)
    .bind(hash)
    .any()
}

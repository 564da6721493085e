//! The SQL of accounts, on the schema `platform`.

use uuid::Uuid;

use super::one_time::{OneTimeToken, hash_of};
use super::requests::Registration;
use crate::identity::second_factor::SHORT_PASSWORD;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};
use crate::value::{Slug, Text};

/// A person, as letters need to know one.
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) email_verified: bool,
}
row!(Person { id, email, email_verified = "email_verified_at IS NOT NULL" });

pub(super) fn person(email: String) -> Statement<Option<Person>> {
    select::<Person>(sql!("FROM users WHERE email = $1 AND deleted_at IS NULL")).bind(email).optional()
}

/// Notes that a person reads the mail of an address, if it is still theirs.
pub(super) fn set_verified(user: Uuid, email: String) -> Statement<bool> {
    statement(sql!(
        "UPDATE users SET email_verified_at = now() WHERE id = $1 AND email = $2 AND deleted_at IS NULL RETURNING 1"
    ))
    .bind(user)
    .bind(email)
    .any()
}

/// Whether a person has a second factor that was set up by who reads the mail of the address.
pub(super) fn has_second_factor(user: Uuid) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM second_factors f JOIN users u ON u.id = f.user_id ",
        "WHERE f.user_id = $1 AND f.confirmed_at IS NOT NULL AND u.email_verified_at IS NOT NULL"
    ))
    .bind(user)
    .any()
}

/// Gives a person who has proved an address a new password, and ends all that the old one started: sessions, and a change
/// to another address.
pub(super) fn set_password(user: Uuid, email: String, password_hash: String, long: bool) -> Statement<bool> {
    statement(sql!(
        // Who registered with somebody else's address may have left a second factor there.
        "WITH squatted AS (DELETE FROM second_factors f USING users u ",
        "WHERE f.user_id = $1 AND u.id = $1 AND u.email_verified_at IS NULL), ",
        "person AS (UPDATE users SET password_hash = $3, password_long = $4, ",
        "email_verified_at = coalesce(email_verified_at, now()) ",
        "WHERE id = $1 AND email = $2 AND deleted_at IS NULL RETURNING id), ",
        "ended AS (UPDATE sessions s SET ended_at = now() FROM person ",
        "WHERE s.user_id = person.id AND s.kind = 'person' AND s.ended_at IS NULL), ",
        "void AS (DELETE FROM one_time_tokens o USING person ",
        "WHERE o.user_id = person.id AND purpose = 'change_email') ",
        "SELECT 1 FROM person"
    ))
    .bind(user)
    .bind(email)
    .bind(password_hash)
    .bind(long)
    .any()
    .refused_by(SHORT_PASSWORD.0, SHORT_PASSWORD.1)
}

/// Keeps a registration until its letter is read; it takes the place of an older one.
pub(super) fn remember(registration: Registration, token: &OneTimeToken) -> Statement<()> {
    let Registration { email, name, password_hash, organization } = registration;
    let (organization_name, organization_slug) = organization.unzip();
    statement(sql!(
        "INSERT INTO registrations (email, name, password_hash, organization_name, organization_slug, hash, expires_at) ",
        "VALUES ($1, $2, $3, $4, $5, $6, now() + interval '1 day') ",
        "ON CONFLICT (email) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, ",
        "organization_name = excluded.organization_name, organization_slug = excluded.organization_slug, ",
        "hash = excluded.hash, created_at = excluded.created_at, expires_at = excluded.expires_at"
    ))
    .bind(email)
    .bind(name)
    .bind(password_hash)
    .bind(organization_name)
    .bind(organization_slug)
    .bind(token.hash.clone())
    .done()
}

/// A registration that waits.
pub(super) struct Pending {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) password_hash: String,
    pub(super) organization_name: Option<Text<200>>,
    pub(super) organization_slug: Option<Slug>,
}
row!(Pending { email, name, password_hash, organization_name, organization_slug });

pub(super) fn pending(token: &str) -> Statement<Option<Pending>> {
    select::<Pending>(sql!("FROM registrations WHERE hash = $1 AND expires_at > now()")).bind(hash_of(token)).optional()
}

/// Takes a registration to be finished. Of many at once, one gets it.
pub(super) fn take(token: &str) -> Statement<bool> {
    statement(sql!("DELETE FROM registrations WHERE hash = $1 AND expires_at > now() RETURNING 1"))
        .bind(hash_of(token))
        .any()
}

/// Forgets what was not used in time.
pub(crate) fn sweep() -> Statement<()> {
    statement(sql!(
        "WITH tokens AS (DELETE FROM one_time_tokens WHERE expires_at < now()) ",
        "DELETE FROM registrations WHERE expires_at < now()"
    ))
    .done()
}

//! The SQL of signing in, on the schema `platform`.

use uuid::Uuid;

use super::session::{NewSession, OrganizationAnswer, Place};
use crate::identity::Account;
use crate::permission::{HeldRole, RecordScope, RoleKey};
use crate::row;
use crate::sql;
use crate::tenancy::{Refusal, Shard, Statement, select, statement};

/// What a sign-in is checked against.
pub(super) struct Credentials {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) password_hash: String,
}
row!(Credentials { id, email, name, password_hash });

impl Account for Credentials {
    const KIND: &'static str = "person";

    fn password_hash(&self) -> &str {
        &self.password_hash
    }
}

pub(super) fn credentials(email: String) -> Statement<Option<Credentials>> {
    select::<Credentials>(sql!("FROM users WHERE email = $1")).bind(email).optional()
}

/// Stores a better hash of the same password, unless the password was changed in the meantime.
pub(super) fn rehash(user: Uuid, old: String, new: String) -> Statement<()> {
    statement(sql!("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2"))
        .bind(user)
        .bind(old)
        .bind(new)
        .done()
}

/// A membership with what a token needs to know of its organization.
pub(super) struct Home {
    pub(super) id: Uuid,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) shard: i16,
    pub(super) role: RoleKey,
    pub(super) permissions: Option<Vec<String>>,
    pub(super) scope: Option<RecordScope>,
}
row!(Home { id, slug, name, shard, role, permissions, scope });

impl Home {
    pub(super) fn place(self) -> Place {
        let Self { id, slug, name, shard, role, permissions, scope } = self;
        Place {
            shard: Shard(shard),
            organization: OrganizationAnswer { id, slug, name, role: role.role() },
            role: HeldRole::stored(role, permissions, scope),
        }
    }
}

/// The organizations that a person can sign in to, the oldest membership first.
pub(super) fn homes(user: Uuid, slug: Option<String>) -> Statement<Option<Home>> {
    statement(sql!(
        "SELECT t.id, t.slug, t.name, t.shard, m.role, r.permissions, r.scope FROM memberships m ",
        "JOIN tenants t ON t.id = m.tenant_id ",
        "LEFT JOIN custom_roles r ON r.tenant_id = m.role_tenant AND r.key = m.role ",
        "WHERE m.user_id = $1 AND t.status = 'active' ",
        "AND ($2::text IS NULL OR t.id = (SELECT s.tenant_id FROM slugs s WHERE s.slug = $2 AND s.until > now())) ",
        "ORDER BY m.created_at, t.id LIMIT 1"
    ))
    .bind(user)
    .bind(slug)
    .optional()
}

/// Whether a person is a member of the organization of a short name, in whatever state that is.
pub(super) fn is_member_of(user: Uuid, slug: String) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM memberships m JOIN slugs s ON s.tenant_id = m.tenant_id ",
        "WHERE m.user_id = $1 AND s.slug = $2 AND s.until > now()"
    ))
    .bind(user)
    .bind(slug)
    .any()
}

/// Stores a session for an organization, with what the person is there, or for none.
pub(super) fn insert_session(session: &NewSession, user: Uuid, tenant: Option<Uuid>) -> Statement<()> {
    statement(sql!(
        "INSERT INTO sessions (id, user_id, tenant_id, device, address, expires_at, role, tenant_status) ",
        "VALUES ($1, $2, $3, $4, $5, $6, ",
        "(SELECT role FROM memberships WHERE user_id = $2 AND tenant_id = $3), ",
        "(SELECT status FROM tenants WHERE id = $3))"
    ))
    .bind(session.id)
    .bind(user)
    .bind(tenant)
    .bind(session.from.device.clone())
    .bind(session.from.address)
    .bind(session.expires_at)
    .done()
}

pub(super) fn insert_user(id: Uuid, email: String, name: String, password_hash: String) -> Statement<()> {
    statement(sql!("INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)"))
        .bind(id)
        .bind(email)
        .bind(name)
        .bind(password_hash)
        .done()
        .refused_by(
            "users_email_key",
            Refusal::Taken {
                pointer: "/email",
                code: "email_taken",
                detail: "Somebody is registered with this address. Sign in instead.",
            },
        )
}

pub(in crate::identity) fn insert_owner(user: Uuid, tenant: Uuid) -> Statement<()> {
    statement(sql!("INSERT INTO memberships (user_id, tenant_id, role) VALUES ($1, $2, 'owner')"))
        .bind(user)
        .bind(tenant)
        .done()
}

//! The SQL of sessions, on the schema `platform`.

use time::OffsetDateTime;
use uuid::Uuid;

use super::super::refresh::RefreshToken;
use super::super::session::{NewSession, Origin, Place, UserAnswer};
use super::super::store::Home;
use super::{SessionSort, Stored};
use crate::config::IdentityConfig;
use crate::http::{Page, Paging, SignedIn};
use crate::permission::{RecordScope, RoleKey};
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, records, statement};

/// What became of a refresh token whose session is live.
pub(super) enum Presented {
    /// There is a next token.
    Rotated(Box<Successor>),
    /// The organization is not active; nothing has changed.
    Suspended,
    /// The token had been used before, so the session has ended.
    Reused,
}

/// The next token's generation, and whose it is.
pub(super) struct Successor {
    pub(super) generation: i32,
    pub(super) user: UserAnswer,
    pub(super) place: Option<Place>,
}

/// Changes the session's generation, or gives the one that another use of the same token has just made.
///
/// All is decided on the row as it is once its lock is held, so of many uses at once the first one changes it and the
/// others see that it has. The grace is for the token that was changed last, and for no older one: a copy of that one is in
/// somebody's hands, for whoever holds its successor has the successor's successor already. That ends the session, and the
/// audit says so.
pub(super) fn rotate(token: RefreshToken, from: Origin, config: &IdentityConfig) -> Statement<Option<Presented>> {
    statement(sql!(
        "WITH presented AS (SELECT tenant_status FROM sessions WHERE id = $1 AND kind = 'person' ",
        "AND ended_at IS NULL AND expires_at > now() AND (role IS NOT NULL OR tenant_id IS NULL)), ",
        "rotated AS (UPDATE sessions SET ",
        "generation = CASE WHEN generation = $2 THEN generation + 1 ELSE generation END, ",
        "rotated_at = CASE WHEN generation = $2 THEN now() ELSE rotated_at END, ",
        "last_used_at = CASE WHEN generation = $2 THEN now() ELSE last_used_at END, ",
        "device = CASE WHEN generation = $2 THEN $4 ELSE device END, ",
        "address = CASE WHEN generation = $2 THEN $5 ELSE address END, ",
        "expires_at = CASE WHEN generation = $2 THEN $6 ELSE expires_at END, ",
        "ended_at = CASE WHEN generation = $2 ",
        "OR generation = $2 + 1 AND rotated_at > now() - $3 * interval '1 second' THEN NULL ELSE now() END ",
        "WHERE id = $1 AND kind = 'person' AND ended_at IS NULL AND expires_at > now() ",
        "AND (role IS NOT NULL AND tenant_status = 'active' OR tenant_id IS NULL) ",
        "RETURNING generation, ended_at IS NULL AS live, user_id, tenant_id, role), ",
        "noted AS (INSERT INTO audit_entries (id, user_id, address, action, tenant, details) ",
        "SELECT $7, user_id, $5, 'refresh.reused', tenant_id, jsonb_build_object('session', $1::uuid) ",
        "FROM rotated WHERE NOT live) ",
        "SELECT p.tenant_status IS DISTINCT FROM 'active' AND p.tenant_status IS NOT NULL, r.live, r.generation, ",
        "u.id, u.email, u.name, t.id, t.slug, t.name, t.shard, r.role, c.permissions, c.scope ",
        "FROM presented p LEFT JOIN rotated r ON true ",
        "LEFT JOIN users u ON u.id = r.user_id LEFT JOIN tenants t ON t.id = r.tenant_id ",
        "LEFT JOIN custom_roles c ON c.tenant_id = r.tenant_id AND c.key = r.role"
    ))
    .bind(token.session)
    .bind(token.generation)
    .bind(config.refresh_grace.as_secs_f64())
    .bind(from.device)
    .bind(from.address)
    .bind(OffsetDateTime::now_utc() + config.session_ttl)
    .bind(Uuid::now_v7())
    .optional::<Rotation>()
    .map(|rotation| rotation.and_then(Rotation::meaning))
}

struct Rotation {
    suspended: bool,
    live: Option<bool>,
    generation: Option<i32>,
    user_id: Option<Uuid>,
    email: Option<String>,
    user_name: Option<String>,
    tenant_id: Option<Uuid>,
    slug: Option<String>,
    tenant_name: Option<String>,
    shard: Option<i16>,
    role: Option<RoleKey>,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
}
row!(Rotation {
    suspended,
    live,
    generation,
    user_id,
    email,
    user_name,
    tenant_id,
    slug,
    tenant_name,
    shard,
    role,
    permissions,
    scope
});

impl Rotation {
    /// None where the session has ended in the meantime.
    fn meaning(self) -> Option<Presented> {
        if self.suspended {
            return Some(Presented::Suspended);
        }
        if !self.live? {
            return Some(Presented::Reused);
        }
        let user = UserAnswer { id: self.user_id?, email: self.email?, name: self.user_name? };
        let place = match self.tenant_id {
            None => None,
            Some(id) => {
                let (slug, name, shard, role) = (self.slug?, self.tenant_name?, self.shard?, self.role?);
                Some(Home { id, slug, name, shard, role, permissions: self.permissions, scope: self.scope }.place())
            }
        };
        Some(Presented::Rotated(Box::new(Successor { generation: self.generation?, user, place })))
    }
}

/// Ends a live session of a person, and tells whether there was one.
pub(super) fn end(user: Uuid, session: Uuid) -> Statement<bool> {
    statement(sql!(
        "UPDATE sessions SET ended_at = now() WHERE id = $1 AND user_id = $2 AND kind = 'person' AND ended_at IS NULL ",
        "RETURNING 1"
    ))
    .bind(session)
    .bind(user)
    .any()
}

/// Ends all sessions of a person.
pub(super) fn end_all(user: Uuid) -> Statement<()> {
    statement(sql!("UPDATE sessions SET ended_at = now() WHERE user_id = $1 AND kind = 'person' AND ended_at IS NULL"))
        .bind(user)
        .done()
}

/// Deletes some of the sessions that nobody can use any more, a month after the last day on which somebody could have.
pub(crate) fn sweep() -> Statement<()> {
    statement(sql!(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE kind = 'person' ",
        "AND expires_at < now() - interval '30 days' ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED)"
    ))
    .done()
}

pub(super) fn list(user: Uuid, paging: Paging<SessionSort>) -> Statement<Page<Stored>> {
    let sessions = records(sql!(
        "sessions LEFT JOIN (SELECT id AS organization_id, slug AS organization_slug, name AS organization_name ",
        "FROM tenants) AS organizations ON organization_id = tenant_id"
    ))
    .filter(
        sql!(
            "user_id = $1 AND kind = 'person' AND ended_at IS NULL AND expires_at > now() ",
            "AND (role IS NOT NULL OR tenant_id IS NULL)"
        ),
        Some(user),
    );
    paging.page(sessions)
}

/// An organization that a person is a member of, and who the person is.
pub(super) struct Selected {
    pub(super) user: UserAnswer,
    /// None where it is not active; no session was started then.
    pub(super) place: Option<Place>,
}

/// Starts a session for an organization, where the person is a member of it. It is as fresh as the one that asks for it.
pub(super) fn select(caller: &SignedIn, new: &NewSession, tenant: Uuid) -> Statement<Option<Selected>> {
    statement(sql!(
        "WITH home AS (SELECT t.id, t.slug, t.name, t.shard, t.status, m.role, u.email, u.name AS user_name, c.permissions, c.scope ",
        "FROM memberships m JOIN tenants t ON t.id = m.tenant_id JOIN users u ON u.id = m.user_id ",
        "LEFT JOIN custom_roles c ON c.tenant_id = m.role_tenant AND c.key = m.role ",
        "WHERE m.user_id = $2 AND m.tenant_id = $4 FOR KEY SHARE OF m, t), ",
        "started AS (INSERT INTO sessions ",
        "(id, user_id, tenant_id, role, tenant_status, device, address, expires_at, signed_in_at) ",
        "SELECT $1, $2, home.id, home.role, home.status, $5, $6, $7, mine.signed_in_at ",
        "FROM home, sessions mine WHERE mine.id = $3 AND home.status = 'active') ",
        "SELECT email, user_name, id, slug, name, shard, role, permissions, scope, status = 'active' FROM home"
    ))
    .bind(new.id)
    .bind(caller.user())
    .bind(caller.session())
    .bind(tenant)
    .bind(new.from.device.clone())
    .bind(new.from.address)
    .bind(new.expires_at)
    .optional::<Membership>()
    .map({
        let user = caller.user();
        move |found| found.map(|found| found.selected(user))
    })
}

struct Membership {
    email: String,
    user_name: String,
    id: Uuid,
    slug: String,
    name: String,
    shard: i16,
    role: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
    active: bool,
}
row!(Membership { email, user_name, id, slug, name, shard, role, permissions, scope, active });

impl Membership {
    fn selected(self, user: Uuid) -> Selected {
        let Self { email, user_name, id, slug, name, shard, role, permissions, scope, active } = self;
        let user = UserAnswer { id: user, email, name: user_name };
        let place = active.then(|| Home { id, slug, name, shard, role, permissions, scope }.place());
        Selected { user, place }
    }
}

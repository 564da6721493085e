//! The SQL of API keys, on the schema `platform`.

use uuid::Uuid;

use super::secret::KeyText;
use super::{ApiKey, ApiKeyId, ApiKeySort, Checked};
use crate::http::{Page, Paging};
use crate::identity::{Claims, Home};
use crate::permission::{HeldRole, PermissionInfo, RecordScope, RoleKey};
use crate::row;
use crate::sql;
use crate::tenancy::{Shard, Statement, TenantId, records, select, statement};

// A key without its creator's membership is as good as revoked.

pub(super) fn list(tenant: TenantId, paging: Paging<ApiKeySort>) -> Statement<Page<ApiKey>> {
    let keys = records(sql!(
        "api_keys JOIN (SELECT id AS session_id, user_id AS created_by, role AS creator_role, ended_at FROM sessions ",
        "WHERE kind = 'key') AS of_sessions ON session_id = id"
    ))
    .filter(sql!("tenant_id = $1 AND ended_at IS NULL AND creator_role IS NOT NULL"), Some(tenant));
    paging.page(keys)
}

pub(super) fn find(tenant: TenantId, id: ApiKeyId) -> Statement<Option<ApiKey>> {
    select::<ApiKey>(sql!(
        "FROM api_keys JOIN (SELECT id AS session_id, user_id AS created_by, role AS creator_role, ended_at ",
        "FROM sessions WHERE kind = 'key') AS of_sessions ON session_id = id ",
        "WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL AND creator_role IS NOT NULL"
    ))
    .bind(tenant)
    .bind(id)
    .optional()
}

/// Stores a key and the session that it is.
pub(super) fn insert(tenant: TenantId, creator: Uuid, key: &KeyText, hint: String, new: Checked) -> Statement<ApiKey> {
    let Checked { name, scopes, expires_at } = new;
    statement(sql!(
        "WITH started AS (INSERT INTO sessions (id, user_id, tenant_id, role, tenant_status, kind, expires_at) ",
        "SELECT $1, m.user_id, m.tenant_id, m.role, t.status, 'key', coalesce($8, now() + interval '100 years') ",
        "FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $2 AND m.tenant_id = $3 ",
        "RETURNING user_id) ",
        "INSERT INTO api_keys (id, tenant_id, name, scopes, hint, secret_hash, expires_at) ",
        "SELECT $1, $3, $4, $5, $6, $7, $8 FROM started ",
        "RETURNING id, name, scopes, hint, $2::uuid, created_at, expires_at, last_used_at"
    ))
    .bind(key.id)
    .bind(creator)
    .bind(tenant)
    .bind(name)
    .bind(scopes)
    .bind(hint)
    .bind(key.hash())
    .bind(expires_at)
    .one()
}

/// What a live key may do, and who made it.
pub(super) struct Rights {
    created_by: Uuid,
    role: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
    scopes: Vec<String>,
}
row!(Rights { created_by, role, permissions, scope, scopes });

impl Rights {
    pub(super) fn creator(&self) -> Uuid {
        self.created_by
    }

    /// Whether the key may do what needs this permission: it is one of its scopes, and its creator may.
    pub(super) fn allow(&self, permission: &PermissionInfo) -> bool {
        let creator = HeldRole::stored(self.role, self.permissions.clone(), self.scope);
        self.scopes.iter().any(|scope| scope == permission.name) && creator.verdict(permission).is_allowed()
    }
}

pub(super) fn rights(tenant: TenantId, id: ApiKeyId) -> Statement<Option<Rights>> {
    statement(sql!(
        "SELECT s.user_id, s.role, c.permissions, c.scope, k.scopes FROM api_keys k JOIN sessions s ON s.id = k.id ",
        "LEFT JOIN custom_roles c ON c.tenant_id = s.tenant_id AND c.key = s.role ",
        "WHERE k.tenant_id = $1 AND k.id = $2 AND s.ended_at IS NULL AND s.role IS NOT NULL"
    ))
    .bind(tenant)
    .bind(id)
    .optional()
}

/// Ends a live key of an organization, and tells whether there was one.
pub(super) fn revoke(tenant: TenantId, id: ApiKeyId) -> Statement<bool> {
    statement(sql!(
        "UPDATE sessions SET ended_at = now() WHERE id = $1 AND tenant_id = $2 AND kind = 'key' AND ended_at IS NULL ",
        "AND role IS NOT NULL RETURNING 1"
    ))
    .bind(id)
    .bind(tenant)
    .any()
}

/// What the bearer of a live key may claim.
pub(super) fn claims(id: Uuid, hash: Vec<u8>) -> Statement<Option<Claims>> {
    statement(sql!(
        "SELECT s.id, s.user_id, s.tenant_id, t.shard, s.role, c.permissions, c.scope, k.scopes ",
        "FROM api_keys k JOIN sessions s ON s.id = k.id JOIN tenants t ON t.id = s.tenant_id ",
        "LEFT JOIN custom_roles c ON c.tenant_id = s.tenant_id AND c.key = s.role ",
        "WHERE k.id = $1 AND k.secret_hash = $2 AND s.ended_at IS NULL AND s.expires_at > now() AND s.role IS NOT NULL"
    ))
    .bind(id)
    .bind(hash)
    .optional::<Bearer>()
    .map(|bearer| bearer.map(Bearer::claims))
}

struct Bearer {
    id: Uuid,
    user_id: Uuid,
    tenant_id: TenantId,
    shard: i16,
    role: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
    scopes: Vec<String>,
}
row!(Bearer { id, user_id, tenant_id, shard, role, permissions, scope, scopes });

impl Bearer {
    fn claims(self) -> Claims {
        let role = HeldRole::stored(self.role, self.permissions, self.scope);
        let home = Home { tenant: self.tenant_id, shard: Shard(self.shard), role };
        Claims::of_key(self.user_id, self.id, home, self.scopes)
    }
}

/// Notes that keys were used just now.
pub(super) fn used(ids: Vec<Uuid>) -> Statement<()> {
    statement(sql!("UPDATE api_keys SET last_used_at = now() WHERE id = ANY ($1)")).bind(ids).done()
}

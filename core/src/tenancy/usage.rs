//! What tenants use: people, sessions, rows, bytes. Of their data only how much there is.

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;

use super::error::DbError;
use super::id::TenantId;
use super::tenants::Tenants;

/// What one tenant uses.
#[derive(Debug, Clone, Serialize, Object)]
pub struct TenantUsage {
    /// Modules that are enabled.
    pub modules: Vec<String>,
    /// People who belong to it.
    pub members: i64,
    /// Sessions in it that are neither ended nor expired.
    pub live_sessions: i64,
    /// Records in its tables, by PostgreSQL's own estimate.
    pub rows: i64,
    /// Bytes of its tables and indexes.
    pub bytes: i64,
    /// When a session in it was last begun or renewed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_activity: Option<OffsetDateTime>,
}

/// What all tenants use together.
#[derive(Debug, Clone, Serialize, Object)]
pub struct TotalUsage {
    /// Tenants whose people can work.
    pub active_tenants: i64,
    /// Tenants that are suspended.
    pub suspended_tenants: i64,
    /// Tenants that will be gone, and can still be restored.
    pub deleting_tenants: i64,
    /// People, each counted once.
    pub users: i64,
    /// Sessions that are neither ended nor expired.
    pub live_sessions: i64,
    /// Records in all tenants' tables, by PostgreSQL's own estimate.
    pub rows: i64,
    /// Bytes of the whole database.
    pub bytes: i64,
}

/// Records of a tenant's own; the fence, the journal and the histories of migrations are the platform's. A table that nobody has
/// analysed yet has no estimate of its own, so the counters of changes are asked in its place.
macro_rules! own_rows {
    ($schema:literal) => {
        concat!(
            "(SELECT coalesce(sum(CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint ELSE pg_stat_get_live_tuples(c.oid) END), 0)::bigint
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE ",
            $schema,
            " AND c.relkind = 'r' AND c.relname NOT IN ('fence', 'journal', 'journal_seals') AND c.relname NOT LIKE 'history\\_%')"
        )
    };
}

impl Tenants {
    /// What a tenant uses; none where there is no such tenant.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn usage(&self, tenant: TenantId) -> Result<Option<TenantUsage>, DbError> {
        let sql = concat!(
            "SELECT
                array(SELECT module FROM platform.tenant_modules WHERE tenant_id = $1 AND enabled ORDER BY module),
                (SELECT count(*) FROM platform.memberships WHERE tenant_id = $1),
                (SELECT count(*) FROM platform.sessions WHERE tenant_id = $1 AND ended_at IS NULL AND expires_at > now()),
                ",
            own_rows!("n.nspname = $2"),
            ",
                (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = $2 AND c.relkind = 'r'),
                (SELECT max(last_used_at) FROM platform.sessions WHERE tenant_id = $1)
             FROM platform.tenants WHERE id = $1"
        );
        let row = self.admin().await?.query_opt(sql, &[&tenant, &tenant.schema().to_string()]).await?;
        row.map(|row| {
            Ok(TenantUsage {
                modules: row.try_get(0)?,
                members: row.try_get(1)?,
                live_sessions: row.try_get(2)?,
                rows: row.try_get(3)?,
                bytes: row.try_get(4)?,
                last_activity: row.try_get(5)?,
            })
        })
        .transpose()
    }

    /// What all tenants use together.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn total_usage(&self) -> Result<TotalUsage, DbError> {
        let sql = concat!(
            "SELECT
                count(*) FILTER (WHERE status = 'active'),
                count(*) FILTER (WHERE status = 'suspended'),
                count(*) FILTER (WHERE status = 'deleting'),
                (SELECT count(*) FROM platform.users),
                (SELECT count(*) FROM platform.sessions WHERE ended_at IS NULL AND expires_at > now()),
                ",
            own_rows!("n.nspname ~ '^t_[0-9a-f]{32}$'"),
            ",
                pg_database_size(current_database())
             FROM platform.tenants"
        );
        let row = self.admin().await?.query_one(sql, &[]).await?;
        Ok(TotalUsage {
            active_tenants: row.try_get(0)?,
            suspended_tenants: row.try_get(1)?,
            deleting_tenants: row.try_get(2)?,
            users: row.try_get(3)?,
            live_sessions: row.try_get(4)?,
            rows: row.try_get(5)?,
            bytes: row.try_get(6)?,
        })
    }
}

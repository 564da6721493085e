//! Making tenants and bringing them up to date: one idempotent piece of work, used by all who need it.

use deadpool_postgres::Pool;
use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use super::actor::Actor;
use super::build;
use super::error::DbError;
use super::id::TenantId;
use super::logins::{Logins, Shard, TENANTS_PER_SHARD};
use crate::module::{Module, Modules};
use crate::platform::{PlatformTx, pool, unavailable};
use crate::value::{Slug, Text};

/// A tenant that is to be made.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Its identity.
    pub id: TenantId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: Text<200>,
    /// Modules to enable beside the required ones.
    pub modules: Vec<&'static str>,
}

impl NewTenant {
    /// A tenant with the required modules.
    pub fn new(slug: Slug, name: Text<200>) -> Self {
        Self { id: TenantId::random(), slug, name, modules: Vec::new() }
    }
}

/// What can go wrong while a tenant is made. Nothing is left of it then.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The database.
    #[error("the database refused")]
    Db(#[from] DbError),
    /// A migration.
    #[error("a migration of module {module} failed")]
    Migration {
        /// Whose.
        module: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no such tenant.
    #[error("there is no such tenant")]
    Unknown,
}

impl From<tokio_postgres::Error> for ProvisionError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Db(error.into())
    }
}

/// A tenant as operators see it.
#[derive(Debug, Clone, Serialize, Object)]
pub struct TenantInfo {
    /// Its identity.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// `provisioning`, `active`, `suspended`, `deleting` or `purged`.
    pub status: String,
    /// Which runtime login serves it.
    pub shard: i16,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Modules that are enabled.
    pub modules: Vec<String>,
}

/// The registry of tenants, with the rights to make them. The only user of the admin login while the server runs.
pub struct Tenants {
    admin: Pool,
    logins: Logins,
    modules: Modules,
}

impl Tenants {
    /// Connects when it is first needed.
    ///
    /// # Errors
    /// Where the pool cannot be built.
    pub fn new(logins: Logins, modules: Modules) -> Result<Self, DbError> {
        Ok(Self { admin: pool(logins.admin(), 8)?, logins, modules })
    }

    /// Makes a tenant in one transaction, together with what `also` stores; a crash at any point leaves nothing.
    ///
    /// # Errors
    /// A conflict on `tenants_slug_key` where the slug is taken, and those of `also`.
    pub async fn create<F>(&self, new: &NewTenant, also: F) -> Result<Shard, ProvisionError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<(), DbError>,
    {
        let mut client = self.admin.get().await.map_err(unavailable)?;
        let shard = self.take_place(&mut client).await?;
        let tx = client.transaction().await?;
        let done = async {
            build::register(&tx, new, shard).await?;
            also(&PlatformTx::of(&tx)).await?;
            let modules = self.modules.for_new(&new.modules);
            build::raise(&tx, &self.logins, new.id, shard, &modules).await
        };
        match done.await {
            Ok(()) => {
                tx.commit().await?;
                Ok(shard)
            }
            Err(error) => {
                drop(tx);
                give_place_back(&client, shard).await;
                Err(error)
            }
        }
    }

    /// Enables a module and makes or migrates its tables.
    ///
    /// # Errors
    /// Those of the database and of migrations.
    pub async fn enable(&self, tenant: TenantId, module: &'static Module, by: Actor) -> Result<(), ProvisionError> {
        self.reconcile_with(tenant, Some((module, by))).await
    }

    /// Brings everything of a tenant to what this build declares: role, grants, tables of each enabled module.
    ///
    /// # Errors
    /// Those of the database and of migrations.
    pub async fn reconcile(&self, tenant: TenantId) -> Result<(), ProvisionError> {
        self.reconcile_with(tenant, None).await
    }

    async fn reconcile_with(
        &self,
        tenant: TenantId,
        also: Option<(&'static Module, Actor)>,
    ) -> Result<(), ProvisionError> {
        let mut client = self.admin.get().await.map_err(unavailable)?;
        let tx = client.transaction().await?;
        let (shard, mut modules) = build::lock(&tx, tenant, &self.modules).await?;
        if let Some((new, by)) = also {
            tx.execute("SELECT platform.act($1)", &[&by.to_string()]).await?;
            if !modules.iter().any(|module| module.name == new.name) {
                modules.push(new);
            }
        }
        build::mend(&tx, &self.logins, tenant, shard, &modules).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Tenants that are not what this build declares. One query, however many tenants there are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn behind(&self) -> Result<Vec<TenantId>, DbError> {
        let (mut names, mut checksums, mut required) = (Vec::new(), Vec::new(), Vec::new());
        for module in self.modules.iter().filter(|module| !module.migrations.is_empty()) {
            names.push(module.name);
            checksums.push(Modules::migrations(module).checksum());
            required.push(module.required);
        }
        let client = self.admin.get().await.map_err(unavailable)?;
        let rows = client
            .query(
                "SELECT t.id FROM platform.tenants t
                 CROSS JOIN unnest($1::text[], $2::text[], $3::bool[]) AS declared (module, checksum, required)
                 LEFT JOIN platform.tenant_modules m ON m.tenant_id = t.id AND m.module = declared.module
                 WHERE t.status IN ('active', 'suspended', 'provisioning')
                    AND CASE WHEN m.module IS NULL THEN declared.required
                        ELSE m.enabled AND m.checksum <> declared.checksum END
                 UNION SELECT id FROM platform.tenants WHERE status = 'provisioning'",
                &[&names, &checksums, &required],
            )
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Tenants by age, a page at a time: those after `after`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, after: Option<&TenantInfo>, limit: i64) -> Result<Vec<TenantInfo>, DbError> {
        let (at, id) = after.map_or((OffsetDateTime::UNIX_EPOCH, Uuid::nil()), |last| (last.created_at, last.id));
        self.infos("(t.created_at, t.id) > ($1, $2) ORDER BY t.created_at, t.id LIMIT $3", &[&at, &id, &limit]).await
    }

    /// The tenant of a slug or an id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find(&self, slug_or_id: &str) -> Result<Option<TenantInfo>, DbError> {
        let id = Uuid::try_parse(slug_or_id).unwrap_or_default();
        Ok(self.infos("t.slug = $1 OR t.id = $2 LIMIT 1", &[&slug_or_id, &id]).await?.pop())
    }

    async fn infos(
        &self,
        condition: &'static str,
        params: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<Vec<TenantInfo>, DbError> {
        let client = self.admin.get().await.map_err(unavailable)?;
        let sql = format!(
            "SELECT t.id, t.slug, t.name, t.status, t.shard, t.created_at,
                array(SELECT module FROM platform.tenant_modules m
                      WHERE m.tenant_id = t.id AND enabled ORDER BY module)
             FROM platform.tenants t WHERE {condition}"
        );
        let rows = client.query(&sql, params).await?;
        rows.iter().map(info).collect()
    }

    /// A connection with the admin's rights, for operators' commands.
    ///
    /// # Errors
    /// Where it is not to be had.
    pub(crate) async fn admin(&self) -> Result<deadpool_postgres::Object, DbError> {
        self.admin.get().await.map_err(unavailable)
    }

    /// Counts a tenant to a shard with room, or opens a new one. It is a transaction of its own, so that tenants can
    /// be made side by side; a place that stays unused, or a count that a crash forgets, is harmless.
    async fn take_place(&self, client: &mut deadpool_postgres::Object) -> Result<Shard, DbError> {
        // One message and so one transaction, which waits neither for the disk nor long for others.
        let room = format!(
            "SET LOCAL synchronous_commit = off;
             UPDATE platform.shards SET tenants = tenants + 1 WHERE id = (
                SELECT id FROM platform.shards WHERE tenants < {TENANTS_PER_SHARD} ORDER BY id LIMIT 1 FOR UPDATE
             ) RETURNING id"
        );
        loop {
            for message in client.simple_query(&room).await? {
                if let SimpleQueryMessage::Row(row) = message {
                    let id = row.try_get(0)?.and_then(|id| id.parse().ok());
                    return id.map(Shard).ok_or(DbError::NoRow);
                }
            }
            self.open_shard(client).await?;
        }
    }

    /// Adds a shard where all are full; somebody else may have been quicker. One at a time: a login is made once.
    async fn open_shard(&self, client: &mut deadpool_postgres::Object) -> Result<(), DbError> {
        let tx = client.transaction().await?;
        tx.batch_execute("SELECT pg_advisory_xact_lock(hashtextextended('tenantry open shard', 0))").await?;
        let full = "SELECT NOT EXISTS (SELECT 1 FROM platform.shards WHERE tenants < $1), max(id) FROM platform.shards";
        let row = tx.query_one(full, &[&i32::try_from(TENANTS_PER_SHARD).unwrap_or(1000)]).await?;
        if row.try_get(0)? {
            let next = Shard(row.try_get::<_, Option<i16>>(1)?.map_or(0, |last| last + 1));
            self.logins.ensure_runtime(tx.client(), next).await?;
            let open = "INSERT INTO platform.shards (id) VALUES ($1) ON CONFLICT DO NOTHING";
            tx.execute(open, &[&next.0]).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn give_place_back(client: &Client, shard: Shard) {
    let back = "UPDATE platform.shards SET tenants = tenants - 1 WHERE id = $1 AND tenants > 0";
    if let Err(error) = client.execute(back, &[&shard.0]).await {
        tracing::debug!(error = &error as &dyn std::error::Error, "a place of a shard stays unused");
    }
}

fn info(row: &tokio_postgres::Row) -> Result<TenantInfo, DbError> {
    Ok(TenantInfo {
        id: row.try_get(0)?,
        slug: row.try_get(1)?,
        name: row.try_get(2)?,
        status: row.try_get(3)?,
        shard: row.try_get(4)?,
        created_at: row.try_get(5)?,
        modules: row.try_get(6)?,
    })
}

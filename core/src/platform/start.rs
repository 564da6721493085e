//! Bringing the schema `platform` and the logins up to date, and refusing to start where something is missing.

use tokio_postgres::Client;
use uuid::Uuid;

use crate::files::FilesError;
use crate::identity::KeyError;
use crate::mail::MailError;
use crate::migrations;
use crate::module::ModuleError;
use crate::sms::SmsError;
use crate::tenancy::{self, DbError, Logins, Migrations, Shard};

/// Why the platform does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("the database could not be used")]
    Db(#[from] DbError),
    /// The database, while connecting or migrating.
    #[error("the database could not be prepared")]
    Postgres(#[from] tokio_postgres::Error),
    /// A migration.
    #[error("a migration of the platform failed")]
    Migration(#[from] refinery::Error),
    /// A migration's name.
    #[error("the migrations are not in order: {0}")]
    MigrationNames(String),
    /// The modules.
    #[error("the modules do not fit together")]
    Modules(#[from] ModuleError),
    /// The signing keys.
    #[error("no access token could be signed")]
    Keys(#[from] KeyError),
    /// argon2 refused its parameters.
    #[error("passwords cannot be hashed on this machine")]
    Passwords,
    /// No key to seal with.
    #[error("nothing can be sealed on this machine")]
    Seal,
    /// Mail.
    #[error("mail is not possible")]
    Mail(#[from] MailError),
    /// The client of requests to the outside.
    #[error("no request can be sent from this machine")]
    Egress(#[from] reqwest::Error),
    /// Where files are kept.
    #[error("files cannot be kept where TENANTRY_FILES_DIR or TENANTRY_FILES_S3_BUCKET says")]
    Files(#[from] FilesError),
    /// Text messages.
    #[error("text messages are not possible")]
    Sms(#[from] SmsError),
    /// The database would let a tenant out.
    #[error(
        "the database is not set up as isolation needs: {missing}. As a superuser, run in database {database}:\n\n{sql}"
    )]
    Unsafe {
        /// What is allowed.
        missing: String,
        /// Where.
        database: String,
        /// The statements that mend it.
        sql: &'static str,
    },
}

/// What only a superuser can take away from everybody, and must, because each is a way out of `SET LOCAL ROLE`:
/// changing the role by function, code of one's own, large objects and locks that outlive a transaction.
pub const HARDENING: &str = include_str!("hardening.sql");

pub(crate) const MIGRATIONS: &[crate::tenancy::MigrationFile] = migrations!("../migrations/platform" =>
    "V1__platform.sql",
    "V2__sessions_rotate.sql",
    "V3__attempts.sql",
    "V4__keys_rotate.sql",
    "V5__api_keys.sql",
    "V6__outbox.sql",
    "V7__accounts.sql",
    "V8__second_factors.sql",
    "V9__custom_roles.sql",
    "V10__organizations_change.sql",
    "V11__invitations.sql",
    "V12__operators.sql",
    "V13__audit_stays.sql",
    "V14__support_accesses.sql",
    "V15__admit_asks_for_second_factor.sql",
    "V16__idempotency.sql",
    "V17__teams.sql",
    "V18__invitations_have_senders.sql",
    "V19__keys_need_second_factors.sql",
    "V20__short_passwords_need_second_factors.sql",
    "V21__operators_delete_for_themselves.sql",
    "V22__journal.sql",
    "V23__seals.sql",
    "V24__work.sql",
    "V25__live.sql",
    "V26__undo.sql",
    "V27__notifications.sql",
    "V28__rules.sql",
    "V29__keep_rules.sql",
    "V30__field_uses.sql",
    "V31__reminders.sql",
    "V32__imports.sql",
    "V33__journal_by_statement.sql",
    "V34__links.sql",
    "V35__btree_gist.sql",
    "V36__calendar_feeds.sql",
    "V37__confidential.sql",
);

/// Migrates the schema `platform` and brings the logins up to date. Safe to repeat, and to run by several at once.
///
/// # Errors
/// See [`StartError`].
pub async fn migrate(logins: &Logins) -> Result<(), StartError> {
    let mut client = tenancy::connect(&logins.admin()).await?;
    check_hardening(&client, logins).await?;
    let migrations = Migrations::parse(MIGRATIONS).map_err(StartError::MigrationNames)?;
    let tx = client.transaction().await?;
    tx.batch_execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('tenantry migrate', 0));
         CREATE SCHEMA IF NOT EXISTS platform;
         SET LOCAL search_path TO platform",
    )
    .await?;
    migrations.apply(&tx, "platform.history").await?;
    tx.execute(
        "INSERT INTO platform.signing_keys (kid) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM platform.signing_keys)",
        &[&Uuid::new_v4().simple().to_string()],
    )
    .await?;
    tx.execute("INSERT INTO platform.shards (id) VALUES (0) ON CONFLICT DO NOTHING", &[]).await?;
    logins.ensure_platform(tx.client()).await?;
    for row in tx.query("SELECT id FROM platform.shards ORDER BY id", &[]).await? {
        logins.ensure_runtime(tx.client(), Shard(row.try_get(0)?)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Each way out that is still open, by name. A superuser as admin has them all.
const OPEN_DOORS: &str = "
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
        AND (p.proname = 'set_config' OR p.proname LIKE 'lo\\_%' OR p.proname IN ('lowrite', 'loread')
            OR p.proname LIKE 'pg\\_advisory%' AND p.proname NOT LIKE '%\\_xact\\_%' AND p.proname NOT LIKE '%unlock%'
            OR p.proname LIKE 'pg\\_try\\_advisory%' AND p.proname NOT LIKE '%\\_xact\\_%')
        AND has_function_privilege('public', p.oid, 'EXECUTE')
    UNION ALL
    SELECT 'language ' || l.lanname FROM pg_language l
    WHERE l.lanname IN ('sql', 'plpgsql') AND has_language_privilege('public', l.oid, 'USAGE')
    UNION ALL
    SELECT 'temporary tables' WHERE has_database_privilege('public', current_database(), 'TEMP')
    UNION ALL
    SELECT 'no way for runtime logins to take a role (EXECUTE on set_config WITH GRANT OPTION)'
    WHERE NOT has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'EXECUTE WITH GRANT OPTION')
    UNION ALL
    SELECT 'creating in the schema public' WHERE has_schema_privilege('public', 'public', 'CREATE')
    LIMIT 5";

async fn check_hardening(client: &Client, logins: &Logins) -> Result<(), StartError> {
    let mut open = Vec::new();
    for row in client.query(OPEN_DOORS, &[]).await? {
        open.push(row.try_get::<_, String>(0)?);
    }
    if client.query_one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", &[]).await?.try_get(0)? {
        open.push("the login of DATABASE_URL is a superuser".to_owned());
    }
    if open.is_empty() {
        return Ok(());
    }
    Err(StartError::Unsafe { missing: open.join(", "), database: logins.database().to_owned(), sql: HARDENING })
}

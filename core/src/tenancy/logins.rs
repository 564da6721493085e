//! The database logins of one installation: who they are, how they connect, what they may do.
//!
//! Three kinds, so that no bug has more rights than its room needs:
//! - the **admin** of `DATABASE_URL` owns schemas and tables, provisions and migrates, and serves no request;
//! - **platform** reads and writes the tables of the schema `platform` (sign-in, organizations);
//! - **runtime** logins, one per 1,000 tenants, may ask for admission, say who acts, and take a role; they have no right on
//!   any table. Each is a member of its tenants' roles with NOINHERIT, so that a transaction that forgets its tenant is
//!   refused everything.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tokio_postgres::{Client, Config};

use super::id::SchemaName;
use crate::config::Secret;

/// Which runtime login serves a tenant. The first `SET ROLE` of a connection costs time in proportion to the number of
/// roles its login is a member of (6 ms at 1,000, 125 ms at 10,000), hence the bound.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Shard(pub i16);

/// Tenants of one runtime login.
pub const TENANTS_PER_SHARD: i64 = 1000;

/// Makes connections of each kind. Passwords are derived from the installation's secret, so none is stored.
#[derive(Clone)]
pub struct Logins {
    admin: Config,
    database: String,
    secret: Secret,
}

impl Logins {
    /// From the admin's connection settings and the installation's secret.
    pub fn new(admin: Config, secret: Secret) -> Self {
        let database = admin.get_dbname().or(admin.get_user()).unwrap_or("tenantry").to_owned();
        Self { admin, database, secret }
    }

    /// The database of this installation.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Connection settings of the admin.
    pub fn admin(&self) -> Config {
        let mut config = self.admin.clone();
        config.application_name("tenantry admin").connect_timeout(Duration::from_secs(2));
        config
    }

    /// Connection settings of the platform login.
    pub fn platform(&self, statement_timeout: Duration) -> Config {
        self.login(&self.platform_name(), "tenantry platform", "platform", statement_timeout)
    }

    /// The same for claiming work and noting what became of it. Its commits are not waited for: what a crash of the database
    /// takes back of them is done once more. Plans are made while nothing waits and used when much does, so they must go by
    /// indexes and never sort.
    pub fn worker(&self, statement_timeout: Duration) -> Config {
        let mut config = self.platform(statement_timeout);
        let off = ["synchronous_commit", "enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin"];
        let off: String = off.iter().map(|setting| format!(" -c {setting}=off")).collect();
        let options = config.get_options().unwrap_or_default().to_owned() + &off;
        config.application_name("tenantry worker").options(options);
        config
    }

    /// Connection settings of a runtime login.
    pub fn runtime(&self, shard: Shard, statement_timeout: Duration) -> Config {
        let mut config = self.login(&self.runtime_name(shard), "tenantry runtime", "pg_catalog", statement_timeout);
        // How alike a word and a part of a text have to be for the search: two letters that have changed places are a slip.
        let options =
            config.get_options().unwrap_or_default().to_owned() + " -c pg_trgm.word_similarity_threshold=0.45";
        config.options(options);
        config
    }

    /// Settings are given once, when a connection starts: what holds for all requests costs no request anything.
    fn login(&self, name: &str, application: &str, path: &str, statement_timeout: Duration) -> Config {
        let mut config = self.admin.clone();
        let millis = statement_timeout.as_millis();
        config
            .user(name)
            .password(self.password(name))
            .application_name(application)
            .connect_timeout(Duration::from_secs(2))
            .options(format!(
                "-c search_path={path} -c statement_timeout={millis} -c lock_timeout={millis} \
                 -c idle_in_transaction_session_timeout=15000 -c plan_cache_mode=force_generic_plan"
            ));
        config
    }

    /// Role names are shared by all databases of a server, so they carry the database's.
    pub fn platform_name(&self) -> String {
        format!("{}_platform", self.database)
    }

    /// The name of a runtime login.
    pub fn runtime_name(&self, shard: Shard) -> String {
        format!("{}_run_{}", self.database, shard.0)
    }

    fn password(&self, login: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose());
        let tag = hmac::sign(&key, format!("database login {login}").as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(tag.as_ref())
    }

    /// Creates the platform login or brings its password and rights up to date.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn ensure_platform(&self, admin: &Client) -> Result<(), tokio_postgres::Error> {
        let name = self.platform_name();
        self.ensure(admin, &name).await?;
        let role = quoted(&name);
        admin
            .batch_execute(&format!(
                "GRANT CONNECT ON DATABASE {database} TO {role};
                 GRANT USAGE ON SCHEMA platform TO {role};
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA platform TO {role};
                 REVOKE ALL ON platform.history FROM {role};
                 REVOKE UPDATE, DELETE ON platform.audit_entries FROM {role};
                 REVOKE ALL ON platform.wakes, platform.journal_heads FROM {role};
                 GRANT EXECUTE ON FUNCTION platform.act(text), platform.seal_journals(integer),
                    platform.keep_field_index(),
                    platform.note_denial(uuid, text, text),
                    platform.post_notices(uuid, uuid[], text[], text[], text[], text[], bytea[]),
                    platform.end_notice(uuid, uuid, text, text, text), platform.return_notice(uuid, uuid, text, text),
                    platform.withdraw_consent(uuid, text, text, text), platform.calendar_feed(uuid, uuid) TO {role};",
                database = quoted(&self.database),
            ))
            .await
    }

    /// Creates the runtime login of a shard or brings it up to date. It gets nothing but the way in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn ensure_runtime(&self, admin: &Client, shard: Shard) -> Result<(), tokio_postgres::Error> {
        let name = self.runtime_name(shard);
        self.ensure(admin, &name).await?;
        let role = quoted(&name);
        admin
            .batch_execute(&format!(
                "GRANT CONNECT ON DATABASE {database} TO {role};
                 GRANT USAGE ON SCHEMA platform TO {role};
                 GRANT EXECUTE ON FUNCTION platform.admit(uuid, uuid, text, text) TO {role};
                 GRANT EXECUTE ON FUNCTION platform.admit_with_team(uuid, uuid, text, text) TO {role};
                 GRANT EXECUTE ON FUNCTION platform.admit_work(uuid, uuid, text) TO {role};
                 GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {role};",
                database = quoted(&self.database),
            ))
            .await
    }

    async fn ensure(&self, admin: &Client, name: &str) -> Result<(), tokio_postgres::Error> {
        let exists = admin.query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&name]).await?.is_some();
        let verb = if exists { "ALTER" } else { "CREATE" };
        let role = quoted(name);
        // The verifier, not the password, so that no server log can hold a secret.
        let verifier = postgres_protocol::password::scram_sha_256(self.password(name).as_bytes());
        admin
            .batch_execute(&format!("{verb} ROLE {role} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD '{verifier}'"))
            .await
    }

    /// SQL that makes a tenant's role and lets the shard's login take it.
    pub(crate) fn role_sql(&self, schema: SchemaName, shard: Shard) -> String {
        format!("CREATE ROLE {schema} NOLOGIN; GRANT {schema} TO {}", quoted(&self.runtime_name(shard)))
    }
}

/// An identifier from the operator's configuration, as SQL takes it.
pub(crate) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

//! An installation: the database server that it uses, its admin login and its secret.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use aws_lc_rs::hmac;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config};

use crate::config::{FilesConfig, Secret};
use crate::embedded::{Cluster, EmbeddedError, Lifetime, Options, Profile};
use crate::tenancy::{self, Logins};

use super::start::HARDENING;

/// Where the data is and how to reach it.
pub struct Installation {
    /// How to connect.
    pub logins: Logins,
    /// What keys and passwords are derived from.
    pub secret: Secret,
    /// The private server, unless `DATABASE_URL` names another one.
    pub cluster: Option<Cluster>,
}

/// Why there is no installation to work with.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The private server.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The server refused something.
    #[error("the database server refused to prepare the installation")]
    Postgres(#[from] tokio_postgres::Error),
    /// `DATABASE_URL`.
    #[error("DATABASE_URL is not valid: expected postgres://user:password@host:port/database")]
    Url,
    /// `TENANTRY_SECRET`.
    #[error("TENANTRY_SECRET: {0}. With DATABASE_URL it must be set; `tenantry secret` makes one")]
    Secret(&'static str),
    /// The file of the secret.
    #[error("{path} could not be used")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The admin login and the database of the private server.
const ADMIN: &str = "tenantry";

impl Installation {
    /// From the environment: `DATABASE_URL` and `TENANTRY_SECRET`, or else a private server in `TENANTRY_DATA_DIR`.
    ///
    /// # Errors
    /// See [`InstallError`].
    pub async fn from_env(progress: &(dyn Fn(&str) + Send + Sync)) -> Result<Self, InstallError> {
        let env = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        if let Some(url) = env("DATABASE_URL") {
            let admin = Config::from_str(&url).map_err(|_| InstallError::Url)?;
            let secret = env("TENANTRY_SECRET").ok_or(InstallError::Secret("it is not set"))?;
            let secret = Secret::parse(&secret).map_err(InstallError::Secret)?;
            return Ok(Self { logins: Logins::new(admin, secret.clone()), secret, cluster: None });
        }
        let data_dir = match env("TENANTRY_DATA_DIR") {
            Some(dir) => std::path::absolute(&dir).map_err(|source| InstallError::File { path: dir.into(), source })?,
            None => crate::embedded::default_data_dir()?,
        };
        // It stops by itself soon after the last process that uses it, be that a server or a command.
        let (profile, lifetime) = (Profile::Durable, Lifetime::WhileUsed);
        let options = Options { data_dir, profile, lifetime, settings: Vec::new() };
        let cluster = Cluster::ensure(&options, progress).await?;
        let secret = secret_beside(&options.data_dir)?;
        Self::in_cluster(cluster, secret, ADMIN).await
    }

    /// Has files kept beside a private server, where nobody has said where.
    pub(crate) fn place(&self, files: &mut FilesConfig) {
        if let Some(cluster) = &self.cluster {
            files.or_beside(cluster.data_dir());
        }
    }

    /// A database of a private server, made and hardened where it is missing.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn in_cluster(cluster: Cluster, secret: Secret, database: &str) -> Result<Self, InstallError> {
        let password = admin_password(&secret);
        let postgres = connect(&cluster, "postgres").await?;
        postgres.batch_execute("SELECT pg_advisory_lock(hashtextextended('tenantry install', 0))").await?;
        let verifier = postgres_protocol::password::scram_sha_256(password.as_bytes());
        let exists = |sql| postgres.query_opt(sql, &[]);
        let verb = match exists("SELECT 1 FROM pg_roles WHERE rolname = 'tenantry'").await? {
            Some(_) => "ALTER",
            None => "CREATE",
        };
        postgres.batch_execute(&format!("{verb} ROLE {ADMIN} LOGIN CREATEROLE PASSWORD '{verifier}'")).await?;
        if postgres.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&database]).await?.is_none() {
            postgres.batch_execute(&format!("CREATE DATABASE \"{database}\" OWNER {ADMIN}")).await?;
        }
        // Each time, for it may have been interrupted, or have learned something since.
        connect(&cluster, database).await?.batch_execute(HARDENING).await?;
        let mut admin = Config::new();
        admin.ssl_mode(SslMode::Disable);
        admin.host("127.0.0.1").port(cluster.port()).user(ADMIN).password(password).dbname(database);
        Ok(Self { logins: Logins::new(admin, secret.clone()), secret, cluster: Some(cluster) })
    }
}

/// Connects to a private server as its superuser, which only preparing it and tests do.
///
/// # Errors
/// Those of the server.
pub async fn connect(cluster: &Cluster, database: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config = Config::new();
    config.host("127.0.0.1").port(cluster.port()).user(cluster.superuser()).password(cluster.password());
    tenancy::connect(config.dbname(database).ssl_mode(SslMode::Disable)).await
}

fn admin_password(secret: &Secret) -> String {
    let tag = hmac::sign(&secret.key("database admin"), ADMIN.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The secret of a private installation is made once and kept beside its data, for its owner's eyes only.
pub(crate) fn secret_beside(data_dir: &Path) -> Result<Secret, InstallError> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = data_dir.join("secret");
    let fault = |source| InstallError::File { path: path.clone(), source };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = Secret::generate();
            let staged = data_dir.join(format!("secret.{}", std::process::id()));
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&staged)
                .map_err(fault)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
            // Whoever links first has made the secret; a second process takes that one.
            let linked = std::fs::hard_link(&staged, &path);
            std::fs::remove_file(&staged).map_err(fault)?;
            if linked.is_ok() { text } else { std::fs::read_to_string(&path).map_err(fault)? }
        }
        Err(error) => return Err(fault(error)),
    };
    Secret::parse(&text).map_err(InstallError::Secret)
}

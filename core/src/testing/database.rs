//! A database for one test, cloned from a template that is migrated once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

use crate::config::Secret;
use crate::embedded::{Cluster, EmbeddedError, Lifetime, Options, Profile};
use crate::platform::{self, HARDENING, Installation};
use crate::tenancy::{Logins, Shard};

/// A database that is dropped, with its roles, when the test ends.
pub struct TestDatabase {
    name: String,
    logins: Logins,
    secret: Secret,
    cluster: Cluster,
    /// Where servers on this database run. It ends before the database is dropped: PostgreSQL waits with that for everybody
    /// who is just signing in, and a test that waits for PostgreSQL drives no sign-in on.
    servers: Option<Runtime>,
}

struct Server {
    cluster: Cluster,
    secret: Secret,
    admin: tokio_postgres::Config,
    template: String,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A copy of the template.
    pub async fn create() -> Self {
        let server = SERVER.get_or_init(Server::start).await;
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let postgres = server.postgres().await;
        let template = &server.template;
        let create = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER tenantry");
        postgres.batch_execute(&create).await.expect("a copy of the template");
        let restrict = format!("REVOKE TEMPORARY, CONNECT ON DATABASE {name} FROM PUBLIC");
        postgres.batch_execute(&restrict).await.expect("rights on the copy");
        let mut admin = server.admin.clone();
        admin.dbname(&name);
        let logins = Logins::new(admin, server.secret.clone());
        platform::migrate(&logins).await.expect("logins of its own");
        let servers = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (secret, cluster) = (server.secret.clone(), server.cluster.clone());
        Self { name, logins, secret, cluster, servers: Some(servers) }
    }

    /// Where servers on this database run.
    pub(super) fn servers(&self) -> &Handle {
        self.servers.as_ref().expect("a runtime that has not ended").handle()
    }

    /// How to connect.
    pub fn logins(&self) -> &Logins {
        &self.logins
    }

    /// What keys and passwords are derived from.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The private server that it is on.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A connection with all rights.
    pub async fn superuser(&self) -> Client {
        platform::connect(&self.cluster, &self.name).await.expect("a superuser's connection")
    }

    /// A connection of any login of this database.
    pub async fn connect(config: &tokio_postgres::Config) -> Client {
        let (client, connection) = config.connect(NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (cluster, name, servers) = (self.cluster.clone(), self.name.clone(), self.servers.take());
        // A runtime of its own: the test's cannot be waited on from here.
        let dropped = std::thread::spawn(move || {
            drop(servers);
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(remove(&cluster, &name))
        });
        if let Err(error) = dropped.join().expect("a thread that ends")
            && !std::thread::panicking()
        {
            panic!("the test's database {} is left over: {error}", self.name);
        }
    }
}

/// Drops a database, then the roles that were its own.
async fn remove(cluster: &Cluster, name: &str) -> Result<(), tokio_postgres::Error> {
    let tenants = "SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants
         UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN (current_database() || '_platform')
            OR rolname LIKE replace(current_database(), '_', '\\_') || '\\_run\\_%'";
    let mut roles: Vec<String> = Vec::new();
    if let Ok(client) = platform::connect(cluster, name).await {
        roles = client.query(tenants, &[]).await?.iter().map(|row| row.get(0)).collect();
    }
    let postgres = platform::connect(cluster, "postgres").await?;
    postgres.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    if !roles.is_empty() {
        postgres.batch_execute(&format!("DROP ROLE IF EXISTS {}", roles.join(", "))).await?;
    }
    Ok(())
}

impl Server {
    /// The server that all tests of this workspace share; it stops by itself when they have ended.
    async fn start() -> Self {
        let beside_the_build = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-postgres");
        let (cluster, data_dir) = match ensure(&beside_the_build).await {
            // The build may stand where PostgreSQL's own user, which root must use, cannot reach.
            Err(EmbeddedError::Unreachable { .. }) => {
                ensure(&std::env::temp_dir().join("tenantry-test-postgres")).await
            }
            other => other,
        }
        .expect("a private PostgreSQL");
        let secret = platform::secret_beside(&data_dir).expect("a secret");
        let postgres = platform::connect(&cluster, "postgres").await.expect("a superuser's connection");
        postgres.batch_execute("SELECT pg_advisory_lock(4242)").await.expect("a turn");
        let installation = Installation::in_cluster(cluster.clone(), secret.clone(), "tenantry").await;
        let installation = installation.expect("an admin login");
        let server = Self {
            cluster,
            secret,
            admin: installation.logins.admin(),
            template: format!("template_{}", fingerprint()),
        };
        if server.cluster.started_here() {
            server.remove_leftovers(&postgres).await;
        }
        server.ensure_template(&postgres).await;
        server
    }

    async fn postgres(&self) -> Client {
        platform::connect(&self.cluster, "postgres").await.expect("a superuser's connection")
    }

    /// Copies of tests that were killed, and templates of older migrations.
    async fn remove_leftovers(&self, postgres: &Client) {
        let sql = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'
            OR datname LIKE 'template\\_%' AND datname <> $1";
        for row in postgres.query(sql, &[&self.template]).await.expect("a list of databases") {
            remove(&self.cluster, row.get(0)).await.expect("leftovers that can be removed");
        }
    }

    async fn ensure_template(&self, postgres: &Client) {
        let template = &self.template;
        let found = postgres.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[template]).await;
        if found.expect("a list of databases").is_some() {
            return;
        }
        // Under another name until it is whole.
        let draft = format!("test_{template}");
        remove(&self.cluster, &draft).await.expect("no half-made template");
        postgres.batch_execute(&format!("CREATE DATABASE {draft} OWNER tenantry")).await.expect("a database");
        let superuser = platform::connect(&self.cluster, &draft).await.expect("a superuser's connection");
        superuser.batch_execute(HARDENING).await.expect("a hardened database");
        drop(superuser);
        let mut admin = self.admin.clone();
        admin.dbname(&draft);
        let logins = Logins::new(admin, self.secret.clone());
        platform::migrate(&logins).await.expect("migrations that run");
        // Each copy has logins of its own, and none of the template's.
        let (platform, runtime) = (logins.platform_name(), logins.runtime_name(Shard(0)));
        let superuser = platform::connect(&self.cluster, &draft).await.expect("a superuser's connection");
        // What the owner granted, only the owner takes back.
        let forget = format!(
            "SET ROLE tenantry; REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM {runtime};
             RESET ROLE; DROP OWNED BY {platform}, {runtime}; DROP ROLE {platform}, {runtime}"
        );
        superuser.batch_execute(&forget).await.expect("a template without logins");
        drop(superuser);
        let rename = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{draft}';
             ALTER DATABASE {draft} RENAME TO {template}"
        );
        for _ in 0..50 {
            if postgres.batch_execute(&rename).await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the template {template} could not be finished");
    }
}

async fn ensure(dir: &Path) -> Result<(Cluster, PathBuf), EmbeddedError> {
    let data_dir = std::path::absolute(dir).expect("a path");
    let options = Options {
        data_dir: data_dir.clone(),
        profile: Profile::Disposable,
        lifetime: Lifetime::WhileUsed,
        settings: Vec::new(),
    };
    Ok((Cluster::ensure(&options, &|line| eprintln!("{line}")).await?, data_dir))
}

/// Changes with the platform's migrations and with this file, so that a template is never out of date.
fn fingerprint() -> String {
    let text = [HARDENING, &format!("{:?}", platform::MIGRATIONS), include_str!("database.rs")].concat();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

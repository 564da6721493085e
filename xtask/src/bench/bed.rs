//! A test bed: a cluster with its tenants, and a server on it.

use std::time::Duration;

use tenantry_core::config::{Config, IdentityConfig, Secret};
use tenantry_core::embedded::Cluster;
use tenantry_core::identity::Tokens;
use tenantry_core::module::Modules;
use tenantry_core::platform::{Installation, Platform, connect, migrate};
use tokio_postgres::Client;

use crate::fill;
use crate::options::Options;
use crate::provision::{self, Member, Provisioning};
use crate::server::Server;
use crate::usage::Usage;
use crate::workshop::Workshop;
use crate::{Outcome, modules};

/// Of the platform; also the name in the tokens, so it must be what the server is told.
pub(crate) const ISSUER: &str = "http://bench.invalid";
pub(crate) const DATABASE: &str = "bench";

/// One cluster, its tenants and the server that is measured.
pub(crate) struct Bed {
    pub(crate) cluster: Cluster,
    pub(crate) members: Vec<Member>,
    pub(crate) contacts: u32,
    pub(crate) provisioning: Provisioning,
    pub(crate) server: Server,
    /// Signs for everybody.
    pub(crate) tokens: Tokens,
    superuser: Client,
}

impl Bed {
    pub(crate) async fn make(workshop: &Workshop, tenants: usize, options: &Options) -> Outcome<Self> {
        let name = format!("tenants-{tenants}");
        let cluster = workshop.cluster(&name).await?;
        let text = Secret::generate();
        let secret = Secret::parse(&text)?;
        let installation = Installation::in_cluster(cluster.clone(), secret.clone(), DATABASE).await?;
        migrate(&installation.logins).await?;
        let superuser = connect(&cluster, DATABASE).await?;
        let identity = IdentityConfig {
            issuer: ISSUER.to_owned(),
            access_ttl: Duration::from_secs(24 * 3600),
            ..IdentityConfig::default()
        };
        let tokens = Tokens::new(&secret, &key_ids(&superuser).await?, &identity)?;
        let config = Config { identity, ..Config::default() };
        let known = Modules::collect(&modules())?;
        let platform = Platform::start(config, installation.logins.clone(), &secret, known).await?;
        eprintln!("making {tenants} tenants");
        let (members, provisioning) = provision::tenants(&platform, &installation.logins, &tokens, tenants).await?;
        drop(platform);
        if options.large.is_none() {
            fill::all(&cluster, &members, options.contacts).await?;
        }
        let server = Server::start(&installation.logins, &text, &workshop.path(&format!("{name}.log"))).await?;
        Ok(Self { cluster, members, contacts: options.contacts, provisioning, server, tokens, superuser })
    }

    /// Kills the server without a word, and starts it again.
    pub(crate) async fn restart(&mut self) -> Outcome<()> {
        self.server.restart().await
    }

    /// What server and database have used until now.
    pub(crate) fn usage(&self) -> Outcome<Usage> {
        Usage::read(self.server.pid(), self.postmaster()?)
    }

    /// Says how to reach everything. The passwords are those of a cluster that is thrown away.
    pub(crate) fn announce(&self) -> Outcome<()> {
        let (user, password, port) = (self.cluster.superuser(), self.cluster.password(), self.cluster.port());
        println!("superuser   postgres://{user}:{password}@127.0.0.1:{port}/{DATABASE}");
        println!("programs    {}", self.cluster.bin_dir().display());
        println!("processes   server {}, postmaster {}", self.server.pid(), self.postmaster()?);
        println!("API         http://{}/api/v1", self.server.address());
        if let Some(member) = self.members.first() {
            println!("tenant      {}\ntoken       {}", member.tenant, member.token);
        }
        Ok(())
    }

    fn postmaster(&self) -> Outcome<u32> {
        let file = self.cluster.data_dir().join("postgres").join("postmaster.pid");
        let text = std::fs::read_to_string(file)?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    /// The processes that serve the server's tenant connections.
    pub(crate) async fn backends(&self) -> Outcome<Vec<u32>> {
        let sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tenantry runtime'";
        let rows = self.superuser.query(sql, &[]).await?;
        rows.iter().map(|row| Ok(u32::try_from(row.try_get::<_, i32>(0)?)?)).collect()
    }

    pub(crate) fn superuser(&self) -> &Client {
        &self.superuser
    }

    /// Writes what is dirty, so that no phase pays for another one's pages.
    pub(crate) async fn checkpoint(&self) -> Outcome<()> {
        Ok(self.superuser.batch_execute("CHECKPOINT").await?)
    }

    /// Waits until the server has sealed what was written, so that no phase pays for another one's journals.
    pub(crate) async fn settle(&self) -> Outcome<()> {
        let waiting = "SELECT EXISTS (SELECT 1 FROM platform.wakes)";
        while self.superuser.query_one(waiting, &[]).await?.try_get::<_, bool>(0)? {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// The ids of the signing keys, the newest first.
async fn key_ids(superuser: &Client) -> Outcome<Vec<String>> {
    let rows = superuser.query("SELECT kid FROM platform.signing_keys ORDER BY created_at DESC", &[]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

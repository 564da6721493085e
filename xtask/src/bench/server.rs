//! The server that is measured: a process of its own.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tenantry_core::tenancy::Logins;
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::bed::ISSUER;
use crate::load::Connection;

/// The argument by which this program is the server.
pub(crate) const ROLE: &str = "server";

/// A running server; it ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pid: u32,
    address: SocketAddr,
    log: PathBuf,
    url: String,
    secret: String,
}

impl Server {
    pub(crate) async fn start(logins: &Logins, secret: &str, log: &Path) -> Outcome<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let admin = logins.admin();
        let password = String::from_utf8_lossy(admin.get_password().unwrap_or_default()).into_owned();
        let port = admin.get_ports().first().copied().unwrap_or(5432);
        let user = admin.get_user().unwrap_or_default();
        let url = format!("postgres://{user}:{password}@127.0.0.1:{port}/{}", logins.database());
        let (child, pid) = spawn(address, &url, secret, log)?;
        let mut server = Self { child, pid, address, log: log.to_owned(), url, secret: secret.to_owned() };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// Kills it, which it cannot know of, and starts another one in its place.
    pub(crate) async fn restart(&mut self) -> Outcome<()> {
        self.child.kill().await?;
        (self.child, self.pid) = spawn(self.address, &self.url, &self.secret, &self.log)?;
        self.wait_until_ready().await
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    async fn wait_until_ready(&mut self) -> Outcome<()> {
        let began = Instant::now();
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await {
                let asked = connection.exchange(b"GET /health/ready HTTP/1.1\r\nhost: bench\r\n\r\n").await;
                if asked.is_ok_and(|answer| answer.status == 200) {
                    return Ok(());
                }
            }
            if self.child.try_wait()?.is_some() || began.elapsed() > Duration::from_secs(30) {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                return Err(format!("the server does not get ready:\n{log}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn spawn(address: SocketAddr, url: &str, secret: &str, log: &Path) -> Outcome<(Child, u32)> {
    let child = Command::new(std::env::current_exe()?)
        .arg(ROLE)
        .env("DATABASE_URL", url)
        .env("TENANTRY_SECRET", secret)
        .env("TENANTRY_BIND", address.to_string())
        .env("TENANTRY_PUBLIC_URL", ISSUER)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(log)?)
        .kill_on_drop(true)
        .spawn()?;
    let pid = child.id().ok_or("the server ended at once")?;
    Ok((child, pid))
}

//! `tenantry serve`: from nothing to a server that answers, and back.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{CliError, files};
use crate::config::Config;
use crate::http;
use crate::module::Modules;
use crate::platform::{Installation, Platform, migrate};
use crate::tenancy::{ProvisionError, catch_up};
use crate::worker::Worker;

/// `working` says whether it also does the work that waits, as `tenantry work` does.
pub(super) async fn serve(modules: Modules, working: bool) -> Result<ExitCode, CliError> {
    let mut config = Config::from_env()?;
    files::allow();
    // First, for it is quick: a second copy should say so before it touches the data.
    let listener = bind(config.bind).await?;
    let installation = Installation::from_env(&|line| eprintln!("{line}")).await?;
    let _alone = installation.cluster.as_ref().map(|cluster| lock(cluster.data_dir())).transpose()?;
    config.mail.mailbox = installation.cluster.is_some();
    installation.place(&mut config.files);
    migrate(&installation.logins).await?;
    let platform = Platform::start(config.clone(), installation.logins.clone(), &installation.secret, modules).await?;
    mend(&platform, installation.cluster.is_some());
    let site = http::site(platform.clone())?;
    announce(listener.local_addr().unwrap_or(config.bind), &installation, &platform);
    let (stopping, told) = watch::channel(());
    let live = Arc::clone(platform.live());
    let worker = async move {
        if working {
            work(platform, told, config.http.shutdown_grace).await
        }
    };
    let worker = tokio::spawn(worker);
    let stop = async move {
        stop().await;
        drop(stopping);
    };
    let stop = live.until(stop);
    let served = http::server::serve(listener, http::server::edge(site, &config.http), &config.http, stop).await;
    live.ended().await;
    let _ = worker.await;
    if served.aborted > 0 {
        eprintln!("{} connections were cut off", served.aborted);
    }
    match installation.cluster {
        Some(_) => eprintln!("stopped; the private PostgreSQL follows as soon as no command uses it"),
        None => eprintln!("stopped"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Works until the server is told to stop. What is not finished within the grace is left to the next worker.
pub(super) async fn work(platform: Platform, mut told: watch::Receiver<()>, grace: Duration) {
    let mut over = told.clone();
    let patience = async move {
        let _ = over.changed().await;
        tokio::time::sleep(grace).await;
    };
    let stop = async move {
        let _ = told.changed().await;
    };
    tokio::select! {
        () = Worker::new(platform).run(stop) => {}
        () = patience => tracing::warn!("left unfinished work to the next worker"),
    }
}

/// Held while a server runs, so that a second one by mistake is told, and not left to share the data in silence.
fn lock(data_dir: &Path) -> Result<File, CliError> {
    let path = data_dir.join("serve.lock");
    let fault = |action: String, source| CliError::Io { action, source };
    let file = File::create(&path).map_err(|source| fault(format!("{} cannot be written", path.display()), source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(CliError::Message(format!(
            "another Tenantry server is using the data in {}. Stop that one, or choose another directory: \
                 TENANTRY_DATA_DIR=…",
            data_dir.display()
        ))),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|source| {
        let action = if source.kind() == std::io::ErrorKind::AddrInUse {
            format!(
                "{address} is in use, perhaps by another copy of Tenantry. Stop that one, or choose another address: \
                 TENANTRY_BIND=127.0.0.1:8081"
            )
        } else {
            format!("{address} cannot be listened on")
        };
        CliError::Io { action, source }
    })
}

/// Finishes what an earlier process left half done. In development it also migrates; in production that is
/// `tenantry migrate`, before the new version starts.
fn mend(platform: &Platform, development: bool) {
    let platform = platform.clone();
    tokio::spawn(async move {
        let tenants = platform.tenants();
        let mended = if development {
            let begin = |behind| {
                if behind > 0 {
                    tracing::info!(behind, "bringing tenants up to date");
                }
            };
            let done = |tenant, outcome: Result<(), ProvisionError>| {
                if let Err(error) = outcome {
                    tracing::error!(%tenant, error = &error as &dyn std::error::Error, "a tenant stays behind");
                }
            };
            catch_up(tenants, begin, done).await
        } else {
            tenants.behind().await.map(|behind| {
                if !behind.is_empty() {
                    tracing::warn!(behind = behind.len(), "tenants are behind: run `tenantry migrate`");
                }
            })
        };
        if let Err(error) = mended {
            tracing::error!(error = &error as &dyn std::error::Error, "the tenants' state could not be read");
        }
    });
}

fn announce(address: SocketAddr, installation: &Installation, platform: &Platform) {
    eprintln!("Tenantry {} is ready", env!("CARGO_PKG_VERSION"));
    eprintln!("  API            http://{address}/api/v1");
    eprintln!("  Documentation  http://{address}/docs  (also /redoc, /openapi.json)");
    if platform.mail().mailbox().is_some() {
        eprintln!("  Mail           http://{address}/dev/mailbox  (nothing is sent; see TENANTRY_SMTP_URL)");
    } else if !platform.mail().delivers() {
        eprintln!("  Mail           none is sent until TENANTRY_SMTP_URL is set: no invitations, no password resets");
    }
    match &installation.cluster {
        Some(cluster) => {
            let (dir, major, port) = (cluster.data_dir().display(), cluster.server_version(), cluster.port());
            eprintln!("  Data           {dir}  (PostgreSQL {major} on 127.0.0.1:{port})");
        }
        None => eprintln!("  Data           the database {} of DATABASE_URL", installation.logins.database()),
    }
    eprintln!("  Stop it with Ctrl-C; `tenantry demo` fills it with examples.");
}

/// Resolves when the process is told to stop.
pub(super) async fn stop() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "SIGTERM cannot be heard");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    eprintln!("stopping");
}

//! `tenantry work`: the work that waits, without a server.

use std::process::ExitCode;

use tokio::sync::watch;

use super::{CliError, serve};
use crate::config::Config;
use crate::module::Modules;
use crate::platform::{Installation, Platform, migrate};

pub(super) async fn run(modules: Modules) -> Result<ExitCode, CliError> {
    let mut config = Config::from_env()?;
    let installation = Installation::from_env(&|line| eprintln!("{line}")).await?;
    config.mail.mailbox = installation.cluster.is_some();
    installation.place(&mut config.files);
    migrate(&installation.logins).await?;
    let grace = config.http.shutdown_grace;
    let platform = Platform::start(config, installation.logins.clone(), &installation.secret, modules).await?;
    eprintln!("working; stop it with Ctrl-C");
    let (stopping, told) = watch::channel(());
    let worker = tokio::spawn(serve::work(platform, told, grace));
    serve::stop().await;
    drop(stopping);
    let _ = worker.await;
    eprintln!("stopped");
    Ok(ExitCode::SUCCESS)
}

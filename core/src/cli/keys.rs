//! `tenantry keys …`: the keys that sign access tokens.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::{CliError, Session, say};
use crate::identity::keys;
use crate::module::Modules;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a new key. It signs from now on; the ones before it verify until the last of their tokens has expired.
    Rotate {
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List the keys that sign or verify, the newest first.
    List {
        /// Print a JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command, modules: Modules) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    match command {
        Command::Rotate { json } => rotate(&session, json).await,
        Command::List { json } => list(&session, json).await,
    }
}

async fn rotate(session: &Session, json: bool) -> Result<ExitCode, CliError> {
    let kid = session.platform.rotate_keys().await?;
    if json {
        say(json!({ "kid": kid }));
    } else {
        say(format_args!("{kid} signs from now on; running servers learn of it within a minute"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(session: &Session, json: bool) -> Result<ExitCode, CliError> {
    for (n, key) in session.platform.db().run(keys::live()).await?.into_iter().enumerate() {
        let created_at = key.created_at.format(&Rfc3339).unwrap_or_default();
        let until = key.retires_at.and_then(|time| time.format(&Rfc3339).ok());
        let signs = n == 0;
        if json {
            say(json!({ "kid": key.kid, "signs": signs, "created_at": created_at, "retires_at": until }));
        } else {
            let state = match until {
                _ if signs => "signs".to_owned(),
                Some(until) => format!("verifies until {until}"),
                None => "verifies".to_owned(),
            };
            say(format_args!("{}  made {created_at}  {state}", key.kid));
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `tenantry jobs …`: what waits to be done, what was given up, and having it tried again.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::{CliError, Session, say};
use crate::events::{Backlog, backlog, dead, revive, sum};
use crate::module::Modules;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Show how much waits, how much of it is due, how late it is and how much was given up, for each kind of work; exits 1
    /// where something was given up.
    Status {
        /// Print a JSON object for each kind.
        #[arg(long)]
        json: bool,
    },
    /// List what was given up, the oldest first, with the reason.
    Dead {
        /// Pieces to list at most.
        #[arg(long, default_value_t = 100)]
        limit: i64,
        /// Print a JSON object for each.
        #[arg(long)]
        json: bool,
    },
    /// Have what was given up tried again, from the first attempt on.
    #[command(arg_required_else_help = true)]
    Retry {
        /// Ids, as `tenantry jobs dead` lists them.
        #[arg(conflicts_with = "all", required_unless_present = "all")]
        ids: Vec<Uuid>,
        /// All that was given up.
        #[arg(long)]
        all: bool,
        /// With --all: only of this kind, such as `mail`.
        #[arg(long, requires = "all")]
        kind: Option<String>,
    },
}

pub(super) async fn run(command: Command, modules: Modules) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    let db = session.platform.db();
    match command {
        Command::Status { json } => {
            let kinds = db.run(backlog()).await?;
            kinds.iter().for_each(|kind| show(kind, json));
            if kinds.is_empty() && !json {
                say("nothing waits");
            }
            Ok(if sum(&kinds) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Dead { limit, json } => {
            for letter in db.run(dead(limit.clamp(1, 10_000))).await? {
                let at = letter.dead_at.format(&Rfc3339).unwrap_or_default();
                if json {
                    say(json!({
                        "id": letter.id, "kind": letter.topic, "tenant": letter.tenant, "attempts": letter.attempts,
                        "given_up_at": at, "reason": letter.reason,
                    }));
                } else {
                    let tenant = letter.tenant.as_deref().unwrap_or("-");
                    say(format_args!("{}  {at}  {:<24} {tenant:<24} {}", letter.id, letter.topic, letter.reason));
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Retry { ids, all, kind } => {
            let count = db.run(revive((!all).then_some(ids), kind)).await?;
            say(format_args!("{count} will be tried again"));
            Ok(if count > 0 || all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn show(kind: &Backlog, json: bool) {
    let Backlog { topic, waiting, due, late, dead } = kind;
    if json {
        say(json!({ "kind": topic, "waiting": waiting, "due": due, "seconds_late": late, "given_up": dead }));
    } else {
        say(format_args!("{topic:<24} {waiting:>8} waiting, {due:>8} due, {late:>8.0} s late, {dead:>8} given up"));
    }
}

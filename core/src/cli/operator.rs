//! `tenantry operator …`: the accounts of those who run the platform.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::Subcommand;
use serde_json::{Value, json};

use super::{CliError, Session, say};
use crate::identity::Password;
use crate::module::Modules;
use crate::operator::accounts::{self, Account, NewAccount};
use crate::operator::audit::Doer;
use crate::tenancy::{DbError, Refusal};
use crate::value::{Email, Text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Create an operator. A password is made and shown once, unless one is given.
    Create {
        /// The address for signing in.
        email: String,
        /// How the operator wants to be called; the address where it is left out.
        #[arg(long)]
        name: Option<String>,
        /// Ask for the password, or read it from the standard input where that is no terminal.
        #[arg(long)]
        password: bool,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List all operators, the oldest first.
    List {
        /// Print a JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Disable an operator; its sessions and its support accesses end at once.
    Disable {
        /// The address for signing in.
        email: String,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command, modules: Modules) -> Result<ExitCode, CliError> {
    match command {
        Command::Create { email, name, password, json } => create(modules, &email, name, password, json).await,
        Command::List { json } => list(modules, json).await,
        Command::Disable { email, json } => disable(modules, &email, json).await,
    }
}

async fn create(
    modules: Modules,
    email: &str,
    name: Option<String>,
    given: bool,
    json: bool,
) -> Result<ExitCode, CliError> {
    let email = address(email)?;
    let name = Text::<200>::parse(&name.unwrap_or_else(|| email.clone())).map_err(|reason| wrong("--name", &reason))?;
    // Before anything is started, so that a wrong one is told at once.
    let password = if given { read()? } else { generate()? };
    let parsed = Password::parse(&password).map_err(|reason| wrong("the password", &reason))?;
    let session = Session::open(modules).await?;
    let chosen = session.platform.passwords().choose(&parsed, &[&email, name.as_str()]).await;
    let password_hash = chosen.map_err(|error| wrong("the password", &error.to_string()))?;
    let new = NewAccount { email: email.clone(), name: name.to_string(), password_hash };
    let account = match accounts::create(session.platform.db(), Doer::default(), new).await {
        Err(DbError::Refused(Refusal::Taken { .. })) => {
            return Err(CliError::Message(format!("there is an operator {email} already")));
        }
        other => other?,
    };
    let shown = (!given).then_some(password.as_str());
    if json {
        let mut line = json!(account);
        if let (Some(shown), Value::Object(line)) = (shown, &mut line) {
            line.insert("password".to_owned(), shown.into());
        }
        say(line);
    } else {
        print(&account, false);
        if let Some(shown) = shown {
            say(format_args!("the password, shown this once: {shown}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(modules: Modules, json: bool) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    for account in session.platform.db().run(accounts::all()).await? {
        print(&account, json);
    }
    Ok(ExitCode::SUCCESS)
}

async fn disable(modules: Modules, email: &str, json: bool) -> Result<ExitCode, CliError> {
    let email = address(email)?;
    let session = Session::open(modules).await?;
    match accounts::disable(session.platform.db(), Doer::default(), email.clone()).await? {
        Some(account) => {
            print(&account, json);
            Ok(ExitCode::SUCCESS)
        }
        None => {
            Err(CliError::Message(format!("there is no operator {email}; `tenantry operator list` shows all of them")))
        }
    }
}

fn print(account: &Account, json: bool) {
    if json {
        say(json!(account));
    } else {
        let Account { id, email, name, disabled_at, .. } = account;
        let state = if disabled_at.is_some() { "disabled" } else { "active" };
        say(format_args!("{email:<32} {state:<10} {id}  {name}"));
    }
}

fn wrong(what: &str, reason: &str) -> CliError {
    CliError::Message(format!("{what}: {reason}"))
}

fn address(email: &str) -> Result<String, CliError> {
    Email::parse(email).map(|email| email.canonical()).map_err(|reason| wrong("the address", &reason))
}

/// Asks at a terminal, without showing what is typed; else reads a line.
fn read() -> Result<String, CliError> {
    let read = if std::io::stdin().is_terminal() {
        eprint!("Password: ");
        console::Term::stderr().read_secure_line()
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    };
    let line = read.map_err(|source| CliError::Io { action: "the password could not be read".to_owned(), source })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// 192 random bits.
fn generate() -> Result<String, CliError> {
    let mut bytes = [0_u8; 24];
    rand::fill(&mut bytes).map_err(|_| CliError::Message("the system gives no random bytes".to_owned()))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

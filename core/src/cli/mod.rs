//! The command line: one binary, several roles. `cargo xtask` offers the same commands.

mod audit;
mod demo;
mod files;
mod jobs;
mod keys;
mod openapi;
mod operator;
mod runtime;
mod serve;
mod tenant;
mod work;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use demo::DemoOrganization;

use crate::config::{Config, ConfigError, Secret};
use crate::module::{ModuleError, Modules};
use crate::platform::{InstallError, Installation, Platform, StartError, migrate};
use crate::tenancy::{DbError, ProvisionError};

/// Tenantry: a platform for vertical SaaS, with a PostgreSQL schema and a database role for each organization.
#[derive(Parser)]
#[command(name = "tenantry", version, after_help = ENVIRONMENT)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const ENVIRONMENT: &str = "\
Without a command the server starts, as with `serve`.

Environment:
  DATABASE_URL              A PostgreSQL server (15 or later) to use; its login must own the database and have
                            CREATEROLE, and be no superuser. Without it, a private server is found or fetched,
                            initialised and started.
  TENANTRY_SECRET           With DATABASE_URL: what keys and passwords are derived from; see `tenantry secret`.
  TENANTRY_DATA_DIR         Where the private server keeps its data.
  TENANTRY_BIND             Address to listen on [127.0.0.1:8080].
  TENANTRY_PUBLIC_URL       The address that clients use; it is the issuer of access tokens.
  TENANTRY_APP_URL          Where the front end is that links in letters lead to [TENANTRY_PUBLIC_URL].
  TENANTRY_REGISTRATION     open: registering signs in at once; verified: only once a letter has been read [open].
  TENANTRY_SMTP_URL         The relay that takes letters, such as smtps://user:password@mail.example.com or
                            smtp://mail.example.com:587?tls=required. Without it, letters of a private server are shown
                            at /dev/mailbox, and with DATABASE_URL none are sent.
  TENANTRY_MAIL_FROM        Who writes them, such as Example <no-reply@example.com>.
  TENANTRY_BOUNCE_SECRET    What the mail service proves itself with at POST /api/v1/inbound/bounces, 32 characters or more.
  TENANTRY_SMS_URL          The provider that takes text messages by POST. Without it there are none.
  TENANTRY_SMS_BODY         The body of that, as JSON with {{ to }}, {{ text }} and {{ from }} in it; see the README.
  TENANTRY_SMS_HEADERS      Its headers, as a JSON object of names and values.
  TENANTRY_FILES_DIR        The directory that documents are kept in [files in TENANTRY_DATA_DIR]. With DATABASE_URL this or a
                            bucket must be named, or no documents are taken.
  TENANTRY_FILES_S3_BUCKET  In its place a bucket of S3 or of what speaks as it does, with
  TENANTRY_FILES_S3_REGION, TENANTRY_FILES_S3_ACCESS_KEY, TENANTRY_FILES_S3_SECRET_KEY, and
  TENANTRY_FILES_S3_ENDPOINT
                            its address, such as https://s3.example.com; that of AWS where it is left out.
  TENANTRY_CORS_ORIGINS     Origins that browsers may call from, comma-separated.
  TENANTRY_EGRESS_ALLOW     Networks that webhooks may reach although they are not public, comma-separated.
  TENANTRY_TRUSTED_PROXIES  Networks of proxies whose X-Forwarded-For is believed, comma-separated.
  TENANTRY_MAX_CONNECTIONS  Client connections at once [8192]; three quarters of them may be live.
  TENANTRY_LIVE_PER_SESSION Live connections of one session or API key [16].
  TENANTRY_LIVE_PER_ORGANIZATION
                            Live connections of one organization to one server [1000].
  TENANTRY_MAX_BODY_BYTES   Size of a request's body [1048576].
  TENANTRY_REGISTER_LIMIT   Registrations from one network in an hour [200].
  TENANTRY_DB_LANES         Database connections of each runtime login [16].
  TENANTRY_DB_SPREAD        Connections that one busy organization may take beside its own, up to 3 [1].
  TENANTRY_WORKERS          Threads that serve requests [one for each core].
  TENANTRY_PG_BIN           A directory with PostgreSQL's programs, for the private server.
  RUST_LOG                  What to log [info].

Exit codes: 0 done; 1 failed, or a check found something; 2 the command line is wrong.";

#[derive(Subcommand)]
enum Command {
    /// Start the server (the default).
    Serve {
        /// Leave the work that waits, such as sending letters, to processes of `tenantry work`.
        #[arg(long)]
        no_work: bool,
    },
    /// Do the work that waits: letters, journals, purges. Any number of these share it, also with servers.
    Work,
    /// Bring the database up to date: the platform's schema, then each tenant that is behind.
    Migrate {
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Create, list, show, purge and audit tenants.
    #[command(subcommand)]
    Tenant(tenant::Command),
    /// Create, list and disable operators, who run the platform.
    #[command(subcommand)]
    Operator(operator::Command),
    /// Fill two organizations, an estate agency and a clinic, with example data and print how to try them.
    Demo,
    /// Verify that nobody has tampered with what is written down.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Show what waits to be done and what was given up, and have that tried again.
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Replace and list the keys that sign access tokens.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Print the API document.
    Openapi {
        /// In the dialect 3.0 instead of 3.1, for generators that know no newer one.
        #[arg(long)]
        v3_0: bool,
    },
    /// Print a new secret for TENANTRY_SECRET.
    Secret,
}

/// Why a command failed. Each is printed with its causes.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // each carries its own words
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Modules(#[from] ModuleError),
    #[error(transparent)]
    Install(#[from] InstallError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    #[error("{0}")]
    Message(String),
    #[error("{action}")]
    Io {
        action: String,
        #[source]
        source: std::io::Error,
    },
}

/// What a build puts into the command line: core itself knows no module by name.
pub struct Build<'a> {
    /// The modules that the build ships.
    pub modules: &'a [&'a str],
    /// What `tenantry demo` makes.
    pub demo: &'a [DemoOrganization],
}

/// Runs the command that the arguments name.
pub fn run(args: impl IntoIterator<Item = String>, build: &Build<'_>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = error.exit_code();
            let _ = error.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    if let Err(error) = log_to_stderr() {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    let command = dispatch(cli.command.unwrap_or(Command::Serve { no_work: false }), build);
    match runtime::new().and_then(|runtime| runtime.block_on(command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command, build: &Build<'_>) -> Result<ExitCode, CliError> {
    let modules = Modules::collect(build.modules)?;
    match command {
        Command::Serve { no_work } => serve::serve(modules, !no_work).await,
        Command::Work => work::run(modules).await,
        Command::Migrate { json } => tenant::migrate_all(modules, json).await,
        Command::Tenant(command) => tenant::run(command, modules).await,
        Command::Operator(command) => operator::run(command, modules).await,
        Command::Demo => demo::run(modules, build.demo).await,
        Command::Audit(command) => audit::run(command, modules).await,
        Command::Jobs(command) => jobs::run(command, modules).await,
        Command::Keys(command) => keys::run(command, modules).await,
        Command::Openapi { v3_0 } => openapi::print(&modules, v3_0),
        Command::Secret => {
            println!("{}", Secret::generate());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// An installation that is up to date, and a platform on it, for commands that end.
struct Session {
    installation: Installation,
    platform: Platform,
}

impl Session {
    async fn open(modules: Modules) -> Result<Self, CliError> {
        let mut config = Config::from_env()?;
        let installation = Installation::from_env(&|line| eprintln!("{line}")).await?;
        installation.place(&mut config.files);
        migrate(&installation.logins).await?;
        let platform = Platform::start(config, installation.logins.clone(), &installation.secret, modules).await?;
        Ok(Self { installation, platform })
    }
}

/// Ours from `info` on; of the libraries only what we do not say ourselves.
const QUIET: &str = "info,refinery_core=warn,deadpool.postgres=error";
/// Whatever is asked for: below this, PostgreSQL's client writes down the parameters of each statement.
const DISCREET: &str = "tokio_postgres=warn";

fn log_to_stderr() -> Result<(), CliError> {
    use tracing_subscriber::EnvFilter;
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|asked| !asked.is_empty());
    let filter = EnvFilter::builder().parse(format!("{},{DISCREET}", asked.as_deref().unwrap_or(QUIET)));
    let filter = filter.map_err(|_| {
        CliError::Message("RUST_LOG is not valid: expected levels such as info, or warn,tenantry_core=debug".to_owned())
    })?;
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    // Where it happened, not with what: a panic's text may hold somebody's data.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the program panicked");
    }));
    Ok(())
}

/// Prints a line. Where nobody reads any more (`| head`), the command has done what was asked of it.
fn say(line: impl std::fmt::Display) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let line = error.to_string();
        if !text.ends_with(&line) {
            text.push_str("\n  because: ");
            text.push_str(&line);
        }
        cause = error.source();
    }
    text
}

//! `tenantry tenant …` and `tenantry migrate`: what operators do with tenants.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{CliError, Session, say};
use crate::identity::invite_owner;
use crate::module::Modules;
use crate::platform::PlatformTx;
use crate::tenancy::{self, DbError, NewTenant, ProvisionError, PurgedModule, Refusal, TenantId, TenantInfo, ending};
use crate::value::{Email, Slug, Text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Create a tenant: registry, schema, role, tables. A crash leaves nothing half done.
    Create {
        /// The organization's name.
        name: String,
        /// Its short name; made from the name where it is left out.
        #[arg(long)]
        slug: Option<String>,
        /// A module to enable beside the required ones; may be given several times.
        #[arg(long = "module")]
        modules: Vec<String>,
        /// The address of the first owner, who gets an invitation by mail once a server runs.
        #[arg(long)]
        owner: Option<String>,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List all tenants, the oldest first.
    List {
        /// Print a JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show a tenant.
    Show {
        /// Its short name or its id.
        tenant: String,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Purge the tenants that were deleted 30 days ago: schema, role and rows go, a tombstone stays.
    Purge {
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Purge a disabled module of a tenant: all of its rows go to a file, a JSON object a line, then its tables go.
    PurgeModule {
        /// The tenant's short name or its id.
        tenant: String,
        /// The module. The organization, or an operator, has disabled it before.
        module: String,
        /// The file that the rows are written to; there may be none of this name yet.
        #[arg(long)]
        export: PathBuf,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Compare the rights in the database with what isolation needs; exits 1 and names each difference.
    Audit {
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command, modules: Modules) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    match command {
        Command::Create { name, slug, modules, owner, json } => {
            let owner = owner.as_deref();
            create(&session, Wanted { name: &name, slug: slug.as_deref(), modules: &modules, owner }, json).await
        }
        Command::List { json } => list(&session, json).await,
        Command::Show { tenant, json } => show(&session, &tenant, json).await,
        Command::Purge { json } => purge(&session, json).await,
        Command::PurgeModule { tenant, module, export, json } => {
            purge_module(&session, &tenant, &module, &export, json).await
        }
        Command::Audit { json } => audit(&session, json).await,
    }
}

/// A tenant as the command line asks for it.
struct Wanted<'a> {
    name: &'a str,
    slug: Option<&'a str>,
    modules: &'a [String],
    owner: Option<&'a str>,
}

async fn create(session: &Session, wanted: Wanted<'_>, json: bool) -> Result<ExitCode, CliError> {
    let Wanted { name, slug, modules, owner } = wanted;
    let wrong = |what: &str, reason: String| CliError::Message(format!("{what}: {reason}"));
    let name = Text::<200>::parse(name).map_err(|reason| wrong("the name", reason))?;
    let slug = match slug {
        Some(slug) => Slug::parse(slug).map_err(|reason| wrong("--slug", reason))?,
        None => Slug::from_name(name.as_str())
            .ok_or_else(|| wrong("--slug", "none can be made from this name; choose one".to_owned()))?,
    };
    let owner = owner.map(Email::parse).transpose().map_err(|reason| wrong("--owner", reason))?;
    let mut new = NewTenant::new(slug, name);
    for module in modules {
        let known = session.platform.modules().find(module);
        new.modules.push(known.ok_or_else(|| wrong("--module", format!("there is no module {module}")))?.name);
    }
    eprintln!("creating {} ({})", new.slug, new.id);
    let invite = async |tx: &PlatformTx<'_>| match &owner {
        Some(owner) => invite_owner(&session.platform, tx, new.id, owner).await,
        None => Ok(()),
    };
    match session.platform.tenants().create(&new, invite).await {
        Err(tenancy::ProvisionError::Db(DbError::Refused(Refusal::Taken { code: "slug_taken", .. }))) => {
            return Err(wrong("--slug", format!("{} is taken", new.slug)));
        }
        other => other?,
    };
    show(session, new.slug.as_str(), json).await
}

async fn list(session: &Session, json: bool) -> Result<ExitCode, CliError> {
    let mut last: Option<TenantInfo> = None;
    loop {
        let page = session.platform.tenants().list(last.as_ref(), 500).await?;
        for tenant in &page {
            print(tenant, json);
        }
        match page.into_iter().last() {
            Some(tenant) => last = Some(tenant),
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

async fn show(session: &Session, tenant: &str, json: bool) -> Result<ExitCode, CliError> {
    match session.platform.tenants().find(tenant).await? {
        Some(tenant) => {
            print(&tenant, json);
            Ok(ExitCode::SUCCESS)
        }
        None => Err(CliError::Message(format!("there is no tenant {tenant}; `tenantry tenant list` shows all"))),
    }
}

fn print(tenant: &TenantInfo, json: bool) {
    if json {
        say(json!(tenant));
    } else {
        let TenantInfo { id, slug, name, status, modules, .. } = tenant;
        say(format_args!("{slug:<24} {status:<12} {id}  {name}  [{}]", modules.join(", ")));
    }
}

async fn purge(session: &Session, json: bool) -> Result<ExitCode, CliError> {
    let (mut purged, mut failed) = (Vec::new(), Vec::new());
    let done = |tenant: TenantId, outcome| match outcome {
        Ok(()) => purged.push(tenant.to_string()),
        Err(error) => {
            eprintln!("{tenant}: {}", super::with_causes(&error as &ProvisionError));
            failed.push(tenant.to_string());
        }
    };
    ending::purge_due(session.platform.tenants(), done).await?;
    if json {
        say(json!({ "purged": purged, "failed": failed }));
    } else {
        say(format_args!("{} tenants purged, {} failed", purged.len(), failed.len()));
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn purge_module(
    session: &Session,
    tenant: &str,
    module: &str,
    export: &Path,
    json: bool,
) -> Result<ExitCode, CliError> {
    let found = session.platform.tenants().find(tenant).await?;
    let none = || CliError::Message(format!("there is no tenant {tenant}; `tenantry tenant list` shows all"));
    let tenant = TenantId::from(found.ok_or_else(none)?.id);
    let none = || CliError::Message(format!("there is no module {module}"));
    let module = session.platform.modules().find(module).ok_or_else(none)?;
    let progress = |table: &str, rows| eprintln!("{table}: {rows} rows written");
    let purged = tenancy::purge_module(session.platform.tenants(), tenant, module, export, progress).await;
    let PurgedModule { tables, rows } = purged.map_err(|error| CliError::Message(super::with_causes(&error)))?;
    if json {
        say(json!({ "module": module.name, "tables": tables, "rows": rows, "export": export }));
    } else {
        say(format_args!("{tables} tables of {} purged; their {rows} rows are in {}", module.name, export.display()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn audit(session: &Session, json: bool) -> Result<ExitCode, CliError> {
    let findings = tenancy::audit(session.platform.tenants(), &session.installation.logins).await?;
    if json {
        say(json!({ "findings": findings }));
    } else if findings.is_empty() {
        say("all rights are as they should be");
    } else {
        for finding in &findings {
            say(finding);
        }
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Migrates the platform (which opening a session does) and then each tenant that is behind; one that fails does not
/// keep the others.
pub(super) async fn migrate_all(modules: Modules, json: bool) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    let progress = indicatif::ProgressBar::new(0);
    let (mut migrated, mut failed) = (0, Vec::new());
    let caught_up = tenancy::catch_up(
        session.platform.tenants(),
        |behind| progress.set_length(behind as u64),
        |tenant, outcome| {
            match outcome {
                Ok(()) => migrated += 1,
                Err(error) => {
                    progress.suspend(|| eprintln!("{tenant}: {}", super::with_causes(&error)));
                    failed.push(tenant.to_string());
                }
            }
            progress.inc(1);
        },
    );
    let caught_up = caught_up.await;
    progress.finish_and_clear();
    caught_up?;
    if json {
        say(json!({ "migrated": migrated, "failed": failed }));
    } else {
        say(format_args!("{migrated} tenants migrated, {} failed", failed.len()));
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! `tenantry audit …`: whether anybody has tampered with what is written down.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{CliError, Session, say};
use crate::events::verify;
use crate::module::Modules;
use crate::tenancy::TenantInfo;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Compute the chain of hashes of each tenant's journal anew; exits 1 and names each journal that was tampered with.
    Verify {
        /// A tenant's short name or id; all tenants where it is left out.
        tenant: Option<String>,
        /// Print a JSON object a tenant.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command, modules: Modules) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    let Command::Verify { tenant, json } = command;
    let mut whole = true;
    match tenant {
        Some(name) => {
            let found = session.platform.tenants().find(&name).await?;
            let found = found.ok_or_else(|| CliError::Message(format!("there is no tenant {name}")))?;
            whole &= check(&session, &found, json).await?;
        }
        None => {
            let mut last = None;
            loop {
                let page = session.platform.tenants().list(last.as_ref(), 100).await?;
                for tenant in &page {
                    whole &= check(&session, tenant, json).await?;
                }
                match page.into_iter().next_back() {
                    Some(tenant) => last = Some(tenant),
                    None => break,
                }
            }
        }
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what is found of one tenant, and whether its journal is whole.
async fn check(session: &Session, tenant: &TenantInfo, json: bool) -> Result<bool, CliError> {
    let Some(state) = verify::verify(session.platform.tenants(), tenant.id.into()).await? else {
        return Ok(true);
    };
    let whole = state.first_fault.is_none();
    if json {
        let (entries, fault) = (state.entries, state.first_fault);
        say(
            json!({ "tenant": tenant.id, "slug": tenant.slug, "entries": entries, "whole": whole, "first_fault": fault }),
        );
    } else {
        match state.first_fault {
            None => say(format_args!("{:<24} whole, {} entries", tenant.slug, state.entries)),
            Some(position) => say(format_args!("{:<24} TAMPERED WITH at position {position}", tenant.slug)),
        }
    }
    Ok(whole)
}

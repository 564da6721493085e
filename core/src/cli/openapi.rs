//! `tenantry openapi`: the API document, without a server.

use std::process::ExitCode;

use super::CliError;
use crate::module::{Modules, documents};

pub(super) fn print(modules: &Modules, older: bool) -> Result<ExitCode, CliError> {
    let documents = documents(modules)?;
    let document = if older { &documents.older } else { &documents.newer };
    let text = serde_json::from_str::<serde_json::Value>(document)
        .and_then(|document| serde_json::to_string_pretty(&document))
        .map_err(|error| CliError::Message(format!("the document cannot be written: {error}")))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

//! stub
use super::CliError;
use crate::module::Modules;
use std::process::ExitCode;
pub(super) async fn run(_: Modules) -> Result<ExitCode, CliError> {
    Ok(ExitCode::SUCCESS)
}

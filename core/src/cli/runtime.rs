//! The threads that serve.

use tokio::runtime::{Builder, Runtime};

use super::CliError;

/// More would only wait for each other.
const MOST: usize = 256;

/// As many threads as `TENANTRY_WORKERS` says, otherwise one for each core: half of them, to leave the rest to a
/// PostgreSQL on the same machine, served a tenth to a third fewer requests.
pub(super) fn new() -> Result<Runtime, CliError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let given = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let workers = match given("TENANTRY_WORKERS") {
        Some(text) => text.parse().ok().filter(|workers| (1..=MOST).contains(workers)).ok_or_else(|| {
            CliError::Message(format!("TENANTRY_WORKERS is not valid: expected a number from 1 to {MOST}"))
        })?,
        None => cores.min(MOST),
    };
    let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    runtime.map_err(|error| CliError::Message(format!("no threads to serve with: {error}")))
}

//! The threads that serve.

use tokio::runtime::{Builder, Runtime};

use super::CliError;

/// More would only wait for each other.
const MOST: usize = 256;

/// As many threads as `TENANTRY_WORKERS` says.
///
/// Otherwise all cores, or half of them where PostgreSQL runs on the same machine: it needs twice the processor time of
/// the server, and threads that take turns with it wake each other more than they work (measured on two cores: a sixth
/// more of the server's time a request with two threads than with one).
pub(super) fn new() -> Result<Runtime, CliError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let given = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let workers = match given("TENANTRY_WORKERS") {
        Some(text) => text.parse().ok().filter(|workers| (1..=MOST).contains(workers)).ok_or_else(|| {
            CliError::Message(format!("TENANTRY_WORKERS is not valid: expected a number from 1 to {MOST}"))
        })?,
        None if given("DATABASE_URL").is_some() => cores.min(MOST),
        None => (cores / 2).clamp(1, MOST),
    };
    let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    runtime.map_err(|error| CliError::Message(format!("no threads to serve with: {error}")))
}

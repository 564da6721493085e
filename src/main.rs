//! The program: `tenantry serve`, `tenantry tenant …`; see `tenantry --help`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tenantry::run(std::env::args()).await
}

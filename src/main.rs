//! The program: `tenantry serve`, `tenantry tenant …`; see `tenantry --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenantry::run(std::env::args())
}

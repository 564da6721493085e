//! Builds the bench in release mode and becomes it.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use serde::Deserialize;

/// Says that the program that stands there already is to be run, instead of building it first.
const NO_BUILD: &str = "--no-build";

pub(crate) fn become_bench(mut args: Vec<String>) -> ExitCode {
    let before = args.len();
    args.retain(|arg| arg != NO_BUILD);
    match bench(args.len() == before) {
        // Returns only where it fails.
        Ok(program) => {
            fail(&format!("{} does not start: {}", program.display(), Command::new(&program).args(args).exec()))
        }
        Err(reason) => fail(&reason),
    }
}

fn fail(reason: &str) -> ExitCode {
    eprintln!("error: {reason}");
    ExitCode::FAILURE
}

/// The release program of the bench.
fn bench(build: bool) -> Result<PathBuf, String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let cargo = |args: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(args).current_dir(&root);
        command
    };
    if build {
        let built = cargo(&["build", "--release", "--package", "xtask", "--bin", "bench"]).status();
        if !built.map_err(|error| format!("cargo does not start: {error}"))?.success() {
            return Err("the bench could not be built".to_owned());
        }
    }
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let asked = cargo(&["metadata", "--format-version", "1", "--no-deps"]).stderr(Stdio::inherit()).output();
    let told = asked.map_err(|error| format!("cargo does not start: {error}"))?;
    let metadata: Metadata =
        serde_json::from_slice(&told.stdout).map_err(|error| format!("cargo metadata could not be read: {error}"))?;
    Ok(metadata.target_directory.join("release").join("bench"))
}

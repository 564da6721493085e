//! `cargo xtask module new`: a module that compiles, passes the tests of the house, and is there to be changed.
//!
//! - this file: the command; `names.rs`: what the module and its record are called; `files.rs`: its files, from `template/`;
//!   `wiring.rs`: where the workspace names its modules.

mod files;
mod names;
mod wiring;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Args, Subcommand};
use serde_json::json;

use names::Names;

/// Modules of this workspace.
#[derive(Subcommand)]
pub(crate) enum ModuleCommand {
    /// Write a new module with one kind of record, and name it in the workspace.
    ///
    /// It has a table, operations, permissions, an event, a job and tests. Nothing that is there is overwritten: where a name is
    /// taken or the files cannot be written, it says so and leaves the workspace as it was.
    #[command(
        after_help = "Example: cargo xtask module new salon --record chair\nmodules/README.md goes on from there."
    )]
    New(New),
}

/// What to write.
#[derive(Args)]
pub(crate) struct New {
    /// What the module is called: lower case, digits and hyphens. Its paths start with it.
    name: String,
    /// One of its records, as one English word in lower case.
    #[arg(long)]
    record: String,
    /// Several of them, where an `s` is not enough.
    #[arg(long)]
    records: Option<String>,
    /// What people call it; made of the name where it is left out.
    #[arg(long)]
    title: Option<String>,
    /// Tell as JSON what was written.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: ModuleCommand) -> ExitCode {
    let ModuleCommand::New(new) = command;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let json = new.json;
    match write(root, &new) {
        Ok((names, written)) => {
            told(&names, &written, json);
            ExitCode::SUCCESS
        }
        Err(reason) if json => {
            println!("{}", json!({ "error": reason }));
            ExitCode::FAILURE
        }
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Looks at everything first, and writes then; what cannot be written whole is taken back.
fn write(root: &Path, new: &New) -> Result<(Names, Vec<PathBuf>), String> {
    let names = Names::checked(&new.name, &new.record, new.records.as_deref(), new.title.as_deref())?;
    let home = PathBuf::from("modules").join(&names.name);
    if root.join(&home).exists() {
        return Err(format!("{} is there already", home.display()));
    }
    let files = files::of(&names)?;
    let wired = wiring::wired(root, &names)?;
    let before = wired.iter().map(|(path, _)| Ok((path.clone(), std::fs::read_to_string(root.join(path))?)));
    let before = before.collect::<std::io::Result<Vec<_>>>().map_err(|error| error.to_string())?;
    let files: Vec<(PathBuf, String)> =
        files.into_iter().map(|(path, text)| (home.join(path), text)).chain(wired).collect();
    if let Err(reason) = files.iter().try_for_each(|(path, text)| put(root, path, text)) {
        drop(std::fs::remove_dir_all(root.join(&home)));
        before.iter().try_for_each(|(path, text)| put(root, path, text))?;
        return Err(reason);
    }
    let written = files.into_iter().map(|(path, _)| path).collect();
    format(root, &names)?;
    Ok((names, written))
}

fn put(root: &Path, path: &Path, text: &str) -> Result<(), String> {
    let whole = root.join(path);
    let folder = whole.parent().map_or(Ok(()), std::fs::create_dir_all);
    let put = folder.and_then(|()| std::fs::write(&whole, text));
    put.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// Lines are as long as the names in them, so they are broken once these are known.
fn format(root: &Path, names: &Names) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = ["fmt", "--package", &names.package(), "--package", "tenantry"];
    let done = Command::new(cargo).args(args).current_dir(root).status();
    match done.map_err(|error| format!("cargo does not start: {error}"))?.success() {
        true => Ok(()),
        false => Err("the module is written, but `cargo fmt` failed on it".to_owned()),
    }
}

fn told(names: &Names, written: &[PathBuf], json: bool) {
    if json {
        println!("{}", json!({ "module": names.name, "package": names.package(), "written": written }));
        return;
    }
    for path in written {
        println!("wrote {}", path.display());
    }
    println!(
        "\nTry it:\n  cargo test --package {}\n  cargo run\nWrite down what the API offers now, and look at the difference:\n  \
         TENANTRY_BLESS=1 cargo test --test it -- openapi prover::callers\nmodules/README.md goes on from here.",
        names.package()
    );
}

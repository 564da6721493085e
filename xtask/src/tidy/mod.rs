//! `cargo xtask tidy`: the house rules that a compiler does not know.

mod rules;

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

/// Look whether the sources keep to the house rules; exits 1 and says of each place what to do.
#[derive(Args)]
pub struct Tidy {
    /// Print a JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Looks.
pub fn run(command: &Tidy) -> ExitCode {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let faults: Vec<_> =
        rules::ALL.iter().flat_map(|(rule, look)| look(root).into_iter().map(move |f| (rule, f))).collect();
    for (rule, fault) in &faults {
        match command.json {
            true => {
                println!("{}", json!({ "rule": rule, "file": fault.file, "line": fault.line, "advice": fault.advice }))
            }
            false => println!("{fault} ({rule})"),
        }
    }
    if !command.json {
        match faults.len() {
            0 => println!("{} rules, and every file keeps to them", rules::ALL.len()),
            1 => println!("1 place to mend"),
            n => println!("{n} places to mend"),
        }
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

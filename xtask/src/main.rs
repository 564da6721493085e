//! The workshop's menu. Each subject stands in a file of its own; the operator's commands are the product's.

mod module;
mod release;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tools for working on Tenantry.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the server against pgbench; `cargo xtask bench --help` tells all.
    #[command(disable_help_flag = true)]
    Bench(Rest),
    /// Write a new module.
    #[command(subcommand)]
    Module(module::ModuleCommand),
    /// Look whether the sources keep to the house rules.
    Tidy(tidy::Tidy),
    /// As `tenantry demo`.
    #[command(disable_help_flag = true)]
    Demo(Rest),
    /// As `tenantry tenant`.
    #[command(disable_help_flag = true)]
    Tenant(Rest),
    /// As `tenantry operator`.
    #[command(disable_help_flag = true)]
    Operator(Rest),
    /// As `tenantry migrate`.
    #[command(disable_help_flag = true)]
    Migrate(Rest),
    /// As `tenantry keys`.
    #[command(disable_help_flag = true)]
    Keys(Rest),
    /// As `tenantry openapi`.
    #[command(disable_help_flag = true)]
    Openapi(Rest),
}

/// Arguments that go on to somebody else.
#[derive(clap::Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Bench(rest) => release::become_bench(rest.args),
        Command::Module(command) => module::run(command),
        Command::Tidy(command) => tidy::run(&command),
        Command::Demo(rest) => product("demo", rest),
        Command::Tenant(rest) => product("tenant", rest),
        Command::Operator(rest) => product("operator", rest),
        Command::Migrate(rest) => product("migrate", rest),
        Command::Keys(rest) => product("keys", rest),
        Command::Openapi(rest) => product("openapi", rest),
    }
}

fn product(command: &str, rest: Rest) -> ExitCode {
    let args = ["tenantry".to_owned(), command.to_owned()].into_iter().chain(rest.args);
    tenantry::run(args)
}

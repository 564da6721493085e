//! The bench: a cluster of its own, the real server, a cheap load generator, pgbench beside it, and a table.

mod bed;
mod fill;
mod large;
mod live;
mod load;
mod module;
mod options;
mod pgbench;
mod provision;
mod report;
mod rounds;
mod server;
mod usage;
mod work;
mod workshop;

use std::process::ExitCode;

use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};

use options::Options;
use tenantry_core::cli::{self, Build};
use workshop::Workshop;

/// What goes wrong is told to the person who runs the bench; nobody acts on it by kind.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The modules of the product, and the bench's own.
pub(crate) fn modules() -> Vec<&'static str> {
    tenantry::MODULES.iter().copied().chain([module::NAME]).collect()
}

fn main() -> ExitCode {
    // The server that is measured is this program too: the product's library and the bench's module.
    if std::env::args().nth(1).as_deref() == Some(server::ROLE) {
        return serve();
    }
    measure(&Options::parse())
}

/// As the product's `main` does it.
fn serve() -> ExitCode {
    let build = Build { modules: &modules(), demo: &[] };
    cli::run(["tenantry".to_owned(), "serve".to_owned()], &build)
}

/// On one thread, which is the cheapest for a load generator.
#[tokio::main(flavor = "current_thread")]
async fn measure(options: &Options) -> ExitCode {
    match in_workshop(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs the bench and clears up, also where it is interrupted. Says whether the bar is met.
async fn in_workshop(options: &Options) -> Outcome<bool> {
    let workshop = Workshop::open()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let done = tokio::select! {
        done = bench(options, &workshop) => done,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        _ = terminate.recv() => Err("terminated".into()),
    };
    workshop.close().await?;
    done
}

async fn bench(options: &Options, workshop: &Workshop) -> Outcome<bool> {
    let mut beds = Vec::new();
    for tenants in options.beds() {
        beds.push(bed::Bed::make(workshop, tenants, options).await?);
    }
    if options.hold {
        beds.iter().try_for_each(bed::Bed::announce)?;
        std::future::pending::<()>().await;
    }
    if let (Some(listeners), [bed]) = (options.live, beds.as_slice()) {
        return Ok(live::measure(bed, listeners, options).await? || options.no_bar);
    }
    if let (Some(contacts), [bed]) = (options.large, beds.as_mut_slice()) {
        return Ok(large::measure(bed, contacts, options).await? || options.no_bar);
    }
    let results = rounds::run(options, &beds).await?;
    let work = match beds.as_slice() {
        [bed] if options.work() => Some(work::measure(bed, options).await?),
        _ => None,
    };
    let report = report::Report::new(options, &beds, results, work).await?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        report.print();
    }
    Ok(options.no_bar || report.missed().is_empty())
}

//! The rounds: every phase once in each, so that what else the machine does falls on all alike.

use crate::bed::Bed;
use crate::options::{Operation, Options};
use crate::{Outcome, load, pgbench};

/// What was measured for an operation on one bed, round by round.
pub(crate) struct Series {
    pub(crate) bed: usize,
    pub(crate) operation: Operation,
    pub(crate) http: Vec<load::Measured>,
    pub(crate) pgbench: Vec<pgbench::Measured>,
}

pub(crate) async fn run(options: &Options, beds: &[Bed]) -> Outcome<Vec<Series>> {
    let mut all = Vec::new();
    for operation in options.operations() {
        for bed in 0..beds.len() {
            all.push(Series { bed, operation, http: Vec::new(), pgbench: Vec::new() });
        }
    }
    for bed in beds {
        warm_up(bed, options).await?;
    }
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        for bed in beds {
            bed.checkpoint().await?;
        }
        for (phase, series) in (round * 100..).zip(&mut all) {
            let Some(bed) = beds.get(series.bed) else { continue };
            measure(bed, series, round, phase, options).await?;
        }
    }
    Ok(all)
}

/// Lets the server prepare its statements, outside of what is measured.
async fn warm_up(bed: &Bed, options: &Options) -> Outcome<()> {
    eprintln!("warming up");
    for operation in options.operations() {
        load::visit(bed, operation, options).await?;
        load::measure(bed, operation, &Options { warm: 0, seconds: options.warm.max(1), ..options.clone() }).await?;
    }
    Ok(())
}

/// Server and pgbench, in turns the one first or the other.
async fn measure(bed: &Bed, series: &mut Series, round: u32, phase: u32, options: &Options) -> Outcome<()> {
    for turn in [round % 2, (round + 1) % 2] {
        bed.settle().await?;
        if turn == 0 {
            let measured = load::measure(bed, series.operation, options).await?;
            eprintln!("  {:<10} {:>7.0}/s over HTTP", series.operation.name(), measured.per_second);
            series.http.push(measured);
        } else if options.pgbench() {
            let measured = pgbench::measure(bed, series.operation, phase, options).await?;
            eprintln!("  {:<10} {:>7.0}/s by pgbench", series.operation.name(), measured.per_second);
            series.pgbench.push(measured);
        }
    }
    Ok(())
}

//! What operators see: health, metrics, logs, starts, stops, outages and the command line.

mod command_line;
mod health;
mod jobs;
mod kill;
mod logs;
mod metrics;
mod operator_accounts;
mod outage;
mod pool;
pub mod program;
mod refused_starts;
mod stop;
mod work;

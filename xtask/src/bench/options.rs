//! What the bench can be told.

use clap::{Parser, ValueEnum};

use crate::live::PER_TENANT;

/// Measures the server over HTTP, and in the same run pgbench with the same statements.
///
/// It starts a PostgreSQL cluster of its own (fsync on, synchronous commit), makes and fills tenants, starts the
/// product's server with one more module (a join over four tables), and drives it over keep-alive connections with
/// random tenants and ids. pgbench runs BEGIN, SET LOCAL search_path, the statement and COMMIT as one pipeline in
/// prepared mode, with 16 clients: the naive limit. The rounds alternate; medians count. Everything is removed in
/// the end. Variables such as TENANTRY_DB_SPREAD reach the server. Progress goes to stderr.
#[derive(Parser, Clone, Debug)]
#[command(name = "cargo xtask bench")]
pub(crate) struct Options {
    /// Tenants.
    #[arg(long, default_value_t = 200)]
    pub(crate) tenants: usize,
    /// Contacts, and deals, of each tenant.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(50..=1_000_000))]
    pub(crate) contacts: u32,
    /// Seconds that are measured, each time.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) seconds: u32,
    /// Seconds before each measurement that do not count.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=600))]
    pub(crate) warm: u32,
    /// How often each operation is measured.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// HTTP connections, each with one request at a time.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) concurrency: u32,
    /// Which operations; all where none is named.
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<Operation>,
    /// Measure the worker alone, which is measured last otherwise.
    #[arg(long, conflicts_with_all = ["only", "no_pgbench", "compare_tenants"])]
    pub(crate) only_work: bool,
    /// Measure so many who listen to events, and nothing else: memory, and how soon they hear. It takes as many open files.
    #[arg(long, conflicts_with_all = ["only", "only_work", "compare_tenants"])]
    pub(crate) live: Option<usize>,
    /// With `--live`: they speak the WebSocket protocol.
    #[arg(long, requires = "live")]
    pub(crate) sockets: bool,
    /// Measure one organization with so many contacts, and nothing else: its lists, filters, search and board. Meant for
    /// `--concurrency 8`.
    #[arg(long, num_args = 0..=1, default_missing_value = "100000", value_parser = clap::value_parser!(u32).range(1000..=1_000_000),
        conflicts_with_all = ["only", "only_work", "compare_tenants", "live"])]
    pub(crate) large: Option<u32>,
    /// With `--large`: its files too, two imports, in the second of which the server is killed, and exports of a million.
    #[arg(long, requires = "large")]
    pub(crate) files: bool,
    /// Let tenants be of unequal weight: the n-th is asked in proportion to 1/n.
    #[arg(long)]
    pub(crate) skewed: bool,
    /// Leave pgbench out.
    #[arg(long)]
    pub(crate) no_pgbench: bool,
    /// Compare the cost per request at these numbers of tenants, each with a cluster and a server of its own, instead
    /// of comparing with pgbench: `--compare-tenants 20,2000`.
    #[arg(long, value_delimiter = ',', num_args = 1)]
    pub(crate) compare_tenants: Vec<usize>,
    /// Report, and exit with 0 however the ratios are.
    #[arg(long)]
    pub(crate) no_bar: bool,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
    /// Measure nothing: make everything, say how to reach it, and wait for Ctrl-C. For profilers.
    #[arg(long)]
    pub(crate) hold: bool,
    /// Run the bench that was built before.
    #[arg(long)]
    pub(crate) no_build: bool,
}

impl Options {
    /// How many tenants the beds have.
    pub(crate) fn beds(&self) -> Vec<usize> {
        if let Some(listeners) = self.live {
            return vec![listeners.div_ceil(PER_TENANT).max(1)];
        }
        if self.large.is_some() {
            return vec![1];
        }
        if self.compare_tenants.is_empty() { vec![self.tenants] } else { self.compare_tenants.clone() }
    }

    pub(crate) fn pgbench(&self) -> bool {
        !self.no_pgbench && self.compare_tenants.is_empty()
    }

    /// Whether the worker is measured.
    pub(crate) fn work(&self) -> bool {
        self.pgbench() && self.only.is_empty()
    }

    /// What is measured over HTTP.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let all = [Operation::Get, Operation::List, Operation::Create, Operation::Join];
        all.into_iter()
            .filter(|operation| !self.only_work && (self.only.is_empty() || self.only.contains(operation)))
            .collect()
    }
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    /// One contact by its id.
    Get,
    /// The newest 50 contacts.
    List,
    /// A new contact.
    Create,
    /// One deal with its stage, contact and company.
    Join,
}

impl Operation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "get one",
            Self::List => "list 50",
            Self::Create => "create",
            Self::Join => "join of 4",
        }
    }

    /// What the ratio to pgbench has to be: PERFORMANCE, "The bar".
    pub(crate) fn bar(self) -> f64 {
        match self {
            Self::Get => 1.0,
            Self::List | Self::Create => 0.9,
            Self::Join => 2.5,
        }
    }
}

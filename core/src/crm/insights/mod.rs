//! Insights: what stands out, by plain statistics, each with its reason in words and numbers.
//!
//! - this file: an insight, and what it is about; `week.rs`: the weeks that are compared;
//! - `stalled.rs`, `drops.rs`, `shares.rs`: a kind each, with its SQL and its rule;
//! - `api.rs`: the operation; `store.rs`: one statement of those parts that the caller may see.
//!
//! Nothing is learnt and nothing is kept: the same records give the same insights. The work is bounded: of closed deals the newest
//! [`EXAMPLES`] of the last twelve months are looked at, of an insight's records [`RECORDS`] are named, of all insights the first
//! [`MOST`] are told.

mod api;
mod drops;
mod shares;
mod stalled;
mod store;
mod week;

use poem_openapi::Object;
use serde::Serialize;
use uuid::Uuid;

pub use api::InsightsApi;
pub use drops::DropFigures;
pub use shares::{ExpectedValue, ShareFigures};
pub use stalled::StalledFigures;

use crate::choice;
use crate::value::Date;

/// How many closed deals are looked at; the SQL says it once more.
pub const EXAMPLES: i64 = 5000;
/// How many records an insight names.
pub const RECORDS: usize = 20;
/// How many insights are told.
pub const MOST: usize = 100;

/// What stands out, as far as the caller reaches.
#[derive(Debug, Serialize, Object)]
pub struct Insights {
    /// At most 100 of them: the gravest first, then by kind and by the order of the stages.
    pub items: Vec<Insight>,
    /// The time zone whose days these are.
    pub zone: String,
    /// The first of the seven days before today, which are compared with the eight weeks before them.
    pub week_from: Date,
    /// The last of the seven days: yesterday.
    pub week_until: Date,
}

choice! {
    /// What an insight is about.
    pub enum InsightKind {
        /// Open deals that have been in their stage longer than deals that were won.
        StalledDeals = "stalled_deals",
        /// Less than usual in the last seven days.
        UnusualDrop = "unusual_drop",
        /// How many of the deals that passed through a stage were won, and what that means for those that are there.
        WinShare = "win_share",
    }
}

choice! {
    /// How grave an insight is.
    pub enum Severity {
        /// Look at it first.
        High = "high",
        /// Look at it.
        Medium = "medium",
        /// Good to know.
        Low = "low",
    }
}

/// Something that stands out. Of the figures, those of its kind are there and the others are null.
#[derive(Debug, Serialize, Object)]
pub struct Insight {
    /// What it is about.
    pub kind: InsightKind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says, in English, in a few words.
    pub title: String,
    /// Why, in English, with the numbers.
    pub reason: String,
    /// The records that it is about, at most 20.
    pub records: Vec<InsightRecord>,
    /// The figures of `stalled_deals`.
    pub stalled: Option<StalledFigures>,
    /// The figures of `unusual_drop`.
    pub drop: Option<DropFigures>,
    /// The figures of `win_share`.
    pub share: Option<ShareFigures>,
}

/// A record that an insight is about.
#[derive(Debug, Serialize, Object)]
pub struct InsightRecord {
    /// What it is, as the audit calls it, such as `deals`.
    pub resource: String,
    /// Its id.
    pub id: Uuid,
}

impl Insight {
    fn new(kind: InsightKind, severity: Severity, title: String, reason: String) -> Self {
        Self { kind, severity, title, reason, records: Vec::new(), stalled: None, drop: None, share: None }
    }

    fn about(mut self, resource: &str, ids: impl IntoIterator<Item = Uuid>) -> Self {
        let record = |id| InsightRecord { resource: resource.to_owned(), id };
        self.records.extend(ids.into_iter().take(RECORDS).map(record));
        self
    }
}

/// The gravest first; those of the same gravity as they come.
fn told(mut insights: Vec<Insight>) -> Vec<Insight> {
    insights.sort_by_key(|insight| (insight.severity as u8, insight.kind as u8));
    insights.truncate(MOST);
    insights
}

/// A number to two decimals.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

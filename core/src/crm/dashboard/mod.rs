//! The dashboard: how an organization stands, in one statement, as far as its caller reaches.
//!
//! - this file: the whole; `period.rs`: what time it is about;
//! - `pipeline.rs`, `closed.rs`, `activity.rs`, `tasks.rs`, `made.rs`: a part each, with its SQL and its sums;
//! - `api.rs`: the operation; `store.rs`: one statement of those parts that the caller may see;
//! - `migrations/tenant/V18__reports.sql`: the indexes that all of it is read from.

mod activity;
mod api;
mod closed;
mod made;
mod period;
mod pipeline;
mod store;
mod tasks;

use poem_openapi::Object;
use serde::Serialize;

pub use activity::{ActivityCount, ActivityReport, ActivityStep, StepLength};
pub use api::DashboardApi;
pub use closed::{ClosedDeals, DealOutcome, DealSum};
pub use made::NewRecords;
pub use pipeline::{PipelineValue, StageValue};
pub use tasks::{TaskCounts, TaskReport};

use crate::value::Date;

/// How an organization stands, as far as the caller reaches its records. A part that the caller may not see is null.
#[derive(Debug, Serialize, Object)]
pub struct Dashboard {
    /// The first day of the period.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// The first day of the period before, which has as many days and ends where this one begins.
    pub before: Date,
    /// The time zone whose days these are.
    pub zone: String,
    /// Open deals as they are now, whatever the period; null without `deals.read`.
    pub pipeline: Option<PipelineValue>,
    /// Deals that were won or lost; null without `deals.read`.
    pub closed: Option<ClosedDeals>,
    /// What happened; null without `activities.read`.
    pub activity: Option<ActivityReport>,
    /// What is to be done; null without `tasks.read`.
    pub tasks: Option<TaskReport>,
    /// Contacts that were made; null without `contacts.read`.
    pub contacts: Option<NewRecords>,
    /// Companies that were made; null without `companies.read`.
    pub companies: Option<NewRecords>,
}

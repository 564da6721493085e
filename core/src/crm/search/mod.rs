//! Search: one question to all kinds of records, best first, however it is spelt.
//!
//! - this file: what is found;
//! - `asked.rs`: what is asked for;
//! - `searchable.rs`: how a resource says that it can be found;
//! - `api.rs`: the operation; `store.rs`: the SQL.

mod api;
mod asked;
mod searchable;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use uuid::Uuid;

pub use api::SearchApi;
pub use searchable::Searchable;

use crate::row;

/// A record that was found.
#[derive(Debug, Serialize, Object)]
pub struct Hit {
    /// What it is, as the audit calls it, such as `contacts`.
    pub resource: String,
    /// Its id.
    pub id: Uuid,
    /// What a list shows it by.
    pub title: String,
    /// What tells it from others of the name.
    pub subtitle: Option<String>,
    /// How well it fits, from 0 to 2: above 1 where the words stand in it as they were written.
    pub score: f64,
}

row!(Hit { resource, id, title, subtitle, score });

/// What was found.
#[derive(Debug, Serialize, Object)]
pub struct Hits {
    /// The records, the best ones first.
    pub items: Vec<Hit>,
}

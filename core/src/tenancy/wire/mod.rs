//! A connection that sends a whole transaction in one message and reads the answers to it in order.
//!
//! tokio-postgres ends each statement with a `Sync`, at which PostgreSQL answers by itself: four answers, four times
//! waking up, and most of a request's time. Here the statements of a request share one. The messages are those of
//! `postgres-protocol`, the greeting is tokio-postgres's own; what is here is their order.

mod connect;
mod error;
mod lent;
mod pipeline;
mod reader;
mod row;

pub use error::ServerError;
pub(crate) use error::WireError;
pub(crate) use pipeline::{Prepared, Wire};
pub(crate) use row::{Cells, WireRows};

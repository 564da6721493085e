//! Events: what is promised to the outside, as rows that are written in the transaction of the change.
//!
//! So nothing is promised that has not happened, and nothing that has happened is forgotten. The
//! [`worker`](crate::worker) keeps the promises.

mod outbox;

#[cfg(feature = "testing")]
pub(crate) use outbox::waiting;
pub(crate) use outbox::{Job, Outbox, Topic, bury, claim, done, retry, sweep};

//! Events: what has changed, as the database itself notes it, and what is promised to the outside because of it.
//!
//! - **The journal** is a table of each tenant that no statement of ours writes: a trigger on every other table does, in the
//!   transaction of the change ([`audit`] shows it in full, [`feed`] as events). So a module that writes is audited and
//!   heard, whatever it is, and what is rolled back was never there. The server only says who acts.
//! - **The outbox** holds what is to be done outside of the database. So nothing is promised that has not happened, and
//!   nothing that has happened is forgotten. The [`worker`](crate::worker) keeps the promises.

pub mod audit;
mod backlog;
pub mod feed;
pub(crate) mod listen;
mod outbox;
pub(crate) mod schedule;
pub(crate) mod seal;
mod source;
pub mod verify;

pub(crate) use backlog::{Backlog, backlog, dead, revive, sum};
#[cfg(feature = "testing")]
pub(crate) use outbox::waiting;
pub(crate) use outbox::{Fate, Job, Outbox, Topic, claim, settle, sweep};
pub use source::{Change, EventSource, FEED_DAYS};

use crate::module::{ApiPart, Module};

crate::permissions! {
    module "events";
    /// See who changed what, with what it was before.
    read AuditRead = "audit.read" from Admin for all;
    /// Hear of changes. Each event also needs the permission to see the record.
    read EventsRead = "events.read" from Admin for all;
}

inventory::submit! {
    Module {
        name: "events",
        title: "Audit and events",
        required: true,
        api: ApiPart::of::<(audit::AuditApi, feed::EventsApi)>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: &[],
        events: &[],
        jobs: &[],
    }
}

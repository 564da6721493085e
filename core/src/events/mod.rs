//! Events: what has changed, as the database itself notes it, and what is promised to the outside because of it.
//!
//! - **The journal** is a table of each tenant that no statement of ours writes: a trigger on every other table does, in the
//!   transaction of the change ([`audit`] shows it in full, [`feed`] as events, [`live`] as they happen). So a module that writes is
//!   audited and heard, whatever it is, and what is rolled back was never there. The server only says who acts.
//!   What somebody did in some time can be taken back from it ([`undo`]), and what was deleted restored ([`trash`]).
//!   Every success that changes something has an entry for each record that it changed, all with the request's id; what is no
//!   organization's (one's own account, what operators do) stands in the platform's own audit (`audit_entries`). A denied try has
//!   one too; equal ones of the same minute are one. `prover/audited` calls every operation of the document to see it.
//! - **Webhooks** tell those events to the endpoints of an organization ([`webhooks`]).
//! - **Rules** do something because of them: set a field, tell an endpoint, write to a member ([`rules`]).
//! - **The outbox** holds what is to be done outside of the database. So nothing is promised that has not happened, and
//!   nothing that has happened is forgotten. The [`worker`](crate::worker) keeps the promises.

pub mod audit;
mod backlog;
pub mod feed;
pub(crate) mod listen;
pub mod live;
mod outbox;
pub(crate) mod reminders;
pub mod rules;
pub(crate) mod schedule;
pub(crate) mod seal;
mod source;
pub mod trash;
pub mod undo;
pub mod verify;
pub mod webhooks;

pub(crate) use backlog::{Backlog, backlog, dead, revive, sum};
pub use live::Live;
#[cfg(feature = "testing")]
pub(crate) use outbox::waiting;
pub(crate) use outbox::{Fate, Job, Outbox, Topic, claim, settle, sweep};
pub use source::{Change, EventSource, FEED_DAYS};
pub(crate) use undo::{Deed, Ground, undo_deed};
pub use undo::{Follow, Refers, Settable, Undoable};
pub(crate) use webhooks::rule_fired;

use crate::module::{ApiPart, Job as ModuleJob, Module};
use crate::permission::Permission as _;

crate::permissions! {
    module "events";
    /// See who changed what, with what it was before.
    read AuditRead = "audit.read" from Admin for all;
    /// Hear of changes. Each event also needs the permission to see the record.
    read EventsRead = "events.read" from Admin for all;
    /// See endpoints for webhooks, and what was sent to them.
    read WebhooksRead = "webhooks.read" from Admin for all;
    /// Make, change and try endpoints for webhooks. They hear only what their author may see.
    write WebhooksWrite = "webhooks.write" from Admin for all;
    /// See rules, and what they did.
    read RulesRead = "rules.read" from Admin for all;
    /// Make and change rules. They do only what their author may.
    write RulesWrite = "rules.write" from Admin for all;
    /// Listen to changes as they happen. Each event also needs the permission to see the record.
    read EventsListen = "events.listen" from Viewer for all;
    /// Undo what somebody did. It also needs every permission to do the same by hand.
    write AuditUndo = "audit.undo" from Admin for all;
    /// See what was deleted, of the records that one may see.
    read TrashRead = "trash.read" from Viewer;
    /// Restore what was deleted. It also needs the permission to write such records.
    write TrashWrite = "trash.write" from Member;
}

inventory::submit! {
    Module {
        name: "events",
        title: "Audit and events",
        required: true,
        api: ApiPart::of::<(
            audit::AuditApi,
            undo::UndoApi,
            trash::TrashApi,
            feed::EventsApi,
            live::LiveApi,
            webhooks::WebhooksApi,
            webhooks::deliveries::DeliveriesApi,
            rules::RulesApi,
            rules::runs::RunsApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: &[&rules::RULE_RAN],
        events: &[
            EventSource { name: "undo", resource: "undos", read: &AuditRead::INFO, undo: None },
            EventSource { name: "webhook", resource: "webhooks", read: &WebhooksRead::INFO, undo: None },
            EventSource { name: "rule", resource: "rules", read: &RulesRead::INFO, undo: None },
        ],
        jobs: &[
            ModuleJob {
                name: "forget-previews",
                schedule: "20 2 * * *",
                run: |work| Box::pin(work.write(undo::forget_previews())),
            },
            ModuleJob {
                name: "forget-deliveries",
                schedule: "25 2 * * *",
                run: |work| Box::pin(work.write(webhooks::deliveries::forget())),
            },
            ModuleJob {
                name: "forget-runs",
                schedule: "30 2 * * *",
                run: |work| Box::pin(work.write(rules::runs::forget())),
            },
        ],
    }
}

//! Notices: what people are told by letter and text message.
//!
//! - **Kinds** (`kind.rs`) are declared by core and by modules, with what their texts can say and how they read by default. An
//!   organization can choose other words (`templates`), for each channel and language.
//! - **Posting** (`notice.rs`) writes a row in the transaction of the change: in a tenant's table `notices`, whose trigger puts
//!   what is to be said into the outbox, sealed. So a tenant's role reaches no table of the platform, and what is rolled back
//!   is not sent.
//! - **Delivering** (`deliver.rs`) is the worker's: it asks for consent (`consents`), waits for the end of quiet hours (`quiet.rs`,
//!   `settings`), keeps to addresses that take letters (`bounces.rs`), chooses the words (`chosen.rs`), renders them
//!   (`wording.rs`, `tags.rs`) and hands them to [`mail`](crate::mail) or [`sms`](crate::sms).
//! - **The log** (`log`) shows what became of each. What a notice said is kept nowhere.
//!
//! Three rules for notices about access to an account ([`Purpose::Security`]): they are sent at once, they come from the
//! installation and not in an organization's name, and they have no link but the one that the platform made.

mod bounces;
mod chosen;
pub(crate) mod consents;
mod deliver;
mod destination;
mod kind;
mod kinds;
mod log;
mod notice;
mod quiet;
mod settings;
mod store;
mod tags;
mod templates;
mod unsubscribe;
mod wording;

use std::collections::BTreeSet;

pub(crate) use bounces::Suppressing;
pub(crate) use deliver::deliver;
pub use destination::Destination;
pub use kind::{Channel, DefaultText, NoticeKind, Purpose, Shape, Variable};
pub use kinds::{ANNOUNCEMENT, TASK_DUE};
pub use notice::{Notice, Notify};
pub use settings::store::time_zone;
pub(crate) use store::sweep;
pub(crate) use unsubscribe::Unsubscribing;

use crate::events::EventSource;
use crate::module::{ApiPart, Job, Module};
use crate::permission::Permission as _;
use kind::LAST_LANGUAGE;
use wording::{Wording, WordingFault};

/// For how many days the log is shown.
const LOG_DAYS: i32 = 90;

crate::permissions! {
    module "notifications";
    /// See what was sent to whom, in which words, and who wants none.
    read NotificationsRead = "notifications.read" from Admin for all;
    /// Choose words, and write down who wants what.
    write NotificationsWrite = "notifications.write" from Admin for all;
}

inventory::submit! {
    Module {
        name: "notifications",
        title: "Notifications",
        required: true,
        api: ApiPart::of::<(
            log::NotificationsApi,
            templates::TemplatesApi,
            settings::SettingsApi,
            consents::ConsentsApi,
            unsubscribe::UnsubscribeApi,
            bounces::InboundApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: &[&ANNOUNCEMENT, &TASK_DUE],
        events: &[
            EventSource {
                name: "notification-template",
                resource: "notification_templates",
                read: &NotificationsRead::INFO,
                undo: None,
            },
            EventSource {
                name: "notification-consent",
                resource: "notification_consents",
                read: &NotificationsRead::INFO,
                undo: None,
            },
            EventSource {
                name: "notification-settings",
                resource: "notification_settings",
                read: &NotificationsRead::INFO,
                undo: None,
            },
        ],
        jobs: &[Job {
            name: "forget-notices",
            schedule: "20 2 * * *",
            run: |work| Box::pin(work.write(log::store::forget())),
        }],
    }
}

/// Checks what modules declare: names that are their own, and default words that can be sent.
pub(crate) fn check(kinds: impl Iterator<Item = (&'static Module, &'static NoticeKind)>) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for (module, kind) in kinds {
        let of = format!("the notice {} of module {}", kind.name, module.name);
        let well_named = |name: &str, also: u8| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.len() <= 60
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == also)
        };
        if !well_named(kind.name, b'-') || !names.insert(kind.name) {
            return Err(format!("{of} needs a name of its own: a-z, 0-9 and hyphens"));
        }
        let mut variables = BTreeSet::new();
        for variable in kind.variables() {
            if !well_named(variable.name, b'_') || !variables.insert(variable.name) {
                return Err(format!("{of} needs variables with names of their own: a-z, 0-9 and underscores"));
            }
        }
        if kind.defaults.is_empty() {
            return Err(format!("{of} has no text"));
        }
        for text in kind.defaults {
            if kind.default_text(text.channel, LAST_LANGUAGE).is_none() {
                return Err(format!("{of} has no text in English for one of its channels"));
            }
            let wording = Wording { subject: text.subject.map(str::to_owned), body: text.body.to_owned() };
            wording.check(kind, text.channel).map_err(|fault| match fault {
                WordingFault::Subject(fault) | WordingFault::Body(fault) => format!("{of}, {}: {fault}", text.language),
            })?;
        }
    }
    Ok(())
}

//! The CRM that every industry needs. It registers by the same descriptor as the verticals.

pub mod contacts;

use crate::events::{EventSource, Settable, Undoable};
use crate::module::{ApiPart, Job, Module};
use crate::permission::Permission as _;
use crate::sql;
use crate::value::{Email, Prose, Text};

crate::permissions! {
    module "crm";
    /// See contacts.
    read ContactsRead = "contacts.read" from Viewer;
    /// Create, change and delete contacts.
    write ContactsWrite = "contacts.write" from Member;
    /// Give contacts to other members.
    write ContactsAssign = "contacts.assign" from Admin;
}

inventory::submit! {
    Module {
        name: "crm",
        title: "CRM",
        required: true,
        api: ApiPart::of::<contacts::ContactsApi>(),
        migrations: crate::migrations!("../migrations/tenant" =>
            "V1__contacts.sql",
            "V2__idempotency.sql",
            "V3__contacts_have_owners.sql",
            "V4__journal.sql",
            "V5__seals.sql",
            "V6__webhooks.sql",
            "V7__undo.sql",
            "V8__notifications.sql",
            "V9__rules.sql",
        ),
        permissions: PERMISSIONS,
        notices: &[],
        events: &[EventSource {
            name: "contact",
            resource: "contacts",
            read: &ContactsRead::INFO,
            undo: Some(Undoable {
                table: sql!("contacts"),
                columns: sql!(
                    "id, first_name, last_name, email, phone, company, notes, version, created_at, updated_at, owner_id"
                ),
                writes: &[&ContactsWrite::INFO, &ContactsAssign::INFO],
                refers: &[],
                unique: &[],
                settable: &[
                    Settable::of::<Option<Email>>("email"),
                    Settable::of::<Option<Text<50>>>("phone"),
                    Settable::of::<Option<Text<200>>>("company"),
                    Settable::of::<Option<Prose<10_000>>>("notes"),
                ],
            }),
        }],
        jobs: &[Job {
            name: "forget-answers",
            schedule: "10 2 * * *",
            run: |work| Box::pin(work.write(crate::tenancy::forget())),
        }],
    }
}

//! What the descriptor says of projects and their members: what happens to them is heard, and can be undone.

use super::ProjectStatus;
use crate::crm::{ProjectMembersRead, ProjectMembersWrite, ProjectsAssign, ProjectsRead, ProjectsWrite};
use crate::events::{EventSource, Refers, Settable, Undoable};
use crate::permission::Permission as _;
use crate::sql;
use crate::value::{Prose, Text};

pub(in crate::crm) const PROJECTS: EventSource = EventSource {
    name: "project",
    resource: "projects",
    read: &ProjectsRead::INFO,
    undo: Some(Undoable {
        table: sql!("projects"),
        columns: sql!(
            "id, name, status, starts_on, ends_on, description, contact_id, company_id, deal_id, tags, custom, owner_id, ",
            "version, created_at, updated_at"
        ),
        writes: &[&ProjectsWrite::INFO, &ProjectsAssign::INFO],
        refers: &[
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
            Refers { column: sql!("company_id"), table: sql!("companies") },
            Refers { column: sql!("deal_id"), table: sql!("deals") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        // Neither of the two days alone, for one comes behind the other.
        settable: &[
            Settable::of::<Text<200>>("name"),
            Settable::of::<ProjectStatus>("status"),
            Settable::of::<Option<Prose<10_000>>>("description"),
        ],
    }),
};

pub(in crate::crm) const PROJECT_MEMBERS: EventSource = EventSource {
    name: "project-member",
    resource: "project_members",
    read: &ProjectMembersRead::INFO,
    undo: Some(Undoable {
        table: sql!("project_members"),
        columns: sql!("id, project_id, user_id, version, created_at, updated_at"),
        writes: &[&ProjectMembersWrite::INFO],
        refers: &[Refers { column: sql!("project_id"), table: sql!("projects") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};

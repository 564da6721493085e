//! The CRM that every industry needs. It registers by the same descriptor as the verticals.

pub mod activities;
mod calendar;
pub mod companies;
pub mod contacts;
pub mod dashboard;
pub mod deals;
pub mod imports;
pub mod insights;
pub mod merges;
pub mod parts;
pub mod pipelines;
pub mod positions;
pub mod projects;
mod same;
pub mod search;
pub mod tasks;
pub mod timeline;
pub mod views;

use crate::events::{EventSource, Refers, Settable, Undoable};
use crate::module::{ApiPart, Job, Module};
use crate::permission::Permission as _;
use crate::sql;
use crate::value::{Email, Phone, Prose, Text, Website};

crate::permissions! {
    module "crm";
    /// See contacts.
    read ContactsRead = "contacts.read" from Viewer;
    /// Create, change and delete contacts.
    write ContactsWrite = "contacts.write" from Member;
    /// Give contacts to other members.
    write ContactsAssign = "contacts.assign" from Admin;
    /// Merge records that are the same. It also needs the permission to write them.
    write MergesWrite = "merges.write" from Member;
    /// See companies.
    read CompaniesRead = "companies.read" from Viewer;
    /// Create, change and delete companies.
    write CompaniesWrite = "companies.write" from Member;
    /// Give companies to other members.
    write CompaniesAssign = "companies.assign" from Admin;
    /// See deals, their boards and forecasts.
    read DealsRead = "deals.read" from Viewer;
    /// Create, change, move and delete deals.
    write DealsWrite = "deals.write" from Member;
    /// Give deals to other members.
    write DealsAssign = "deals.assign" from Admin;
    /// See pipelines and their stages.
    read PipelinesRead = "pipelines.read" from Viewer;
    /// Create, change and delete pipelines and their stages.
    write PipelinesWrite = "pipelines.write" from Admin;
    /// See projects.
    read ProjectsRead = "projects.read" from Viewer;
    /// Create, change and delete projects.
    write ProjectsWrite = "projects.write" from Member;
    /// Give projects to other members.
    write ProjectsAssign = "projects.assign" from Admin;
    /// See who works on projects.
    read ProjectMembersRead = "project_members.read" from Viewer;
    /// Say who works on projects.
    write ProjectMembersWrite = "project_members.write" from Member;
    /// See activities.
    read ActivitiesRead = "activities.read" from Viewer;
    /// Write down, change and delete activities.
    write ActivitiesWrite = "activities.write" from Member;
    /// See tasks.
    read TasksRead = "tasks.read" from Viewer;
    /// Create, change, complete and delete tasks.
    write TasksWrite = "tasks.write" from Member;
    /// Give tasks to other members.
    write TasksAssign = "tasks.assign" from Admin;
    /// See saved views: one's own and shared ones.
    read ViewsRead = "views.read" from Viewer;
    /// Save, change and delete views.
    write ViewsWrite = "views.write" from Member;
    /// Change and delete views that others share.
    write ViewsManage = "views.manage" from Admin;
    /// See the organization's own fields.
    read CustomFieldsRead = "custom_fields.read" from Viewer;
    /// Create, change and delete the organization's own fields.
    write CustomFieldsWrite = "custom_fields.write" from Admin;
    /// See imports, and what was wrong with their rows.
    read ImportsRead = "imports.read" from Viewer;
    /// Import files. Each kind of records also needs the permission to write it.
    write ImportsWrite = "imports.write" from Member;
    /// Search. Each kind of records also needs the permission to see it.
    read SearchRead = "search.read" from Viewer;
    /// See the dashboard and insights. Each part also needs the permission to see what it is about.
    read DashboardRead = "dashboard.read" from Viewer;
}

inventory::submit! {
    Module {
        name: "crm",
        title: "CRM",
        required: true,
        api: ApiPart::of::<(
            (contacts::ContactsApi, contacts::ContactConsentsApi),
            companies::CompaniesApi,
            positions::PositionsApi,
            deals::DealsApi,
            (pipelines::PipelinesApi, pipelines::StagesApi),
            (projects::ProjectsApi, projects::members::ProjectMembersApi),
            activities::ActivitiesApi,
            tasks::TasksApi,
            (timeline::TimelineApi, search::SearchApi),
            (views::ViewsApi, crate::custom::CustomFieldsApi, imports::ImportsApi),
            (dashboard::DashboardApi, insights::InsightsApi),
            (contacts::DuplicatesApi, companies::CompanyDuplicatesApi, merges::MergesApi),
        )>(),
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
            "V10__companies.sql",
            "V11__deals.sql",
            "V12__work.sql",
            "V13__views.sql",
            "V14__trash.sql",
            "V15__custom_fields.sql",
            "V16__imports.sql",
            "V17__duplicates.sql",
            "V18__reports.sql",
            "V19__company_duplicates.sql",
            "V20__further_addresses.sql",
            "V21__names_in_any_case.sql",
            "V22__open_deals.sql",
            "V23__contacts_without_a_company.sql",
            "V24__calendar.sql",
            "V25__bound.sql",
        ),
        permissions: PERMISSIONS,
        notices: &[],
        events: &[
            CONTACTS,
            COMPANIES,
            POSITIONS,
            deals::events::EVENTS,
            pipelines::events::PIPELINES,
            pipelines::events::STAGES,
            projects::PROJECTS,
            projects::PROJECT_MEMBERS,
            activities::ACTIVITIES,
            tasks::TASKS,
            views::VIEWS,
            crate::custom::CUSTOM_FIELDS,
            imports::IMPORTS,
        ],
        jobs: &[
            Job {
                name: "forget-answers",
                schedule: "10 2 * * *",
                run: |work| Box::pin(work.write(crate::tenancy::forget())),
            },
            Job { name: "forget-imports", schedule: "35 2 * * *", run: |work| Box::pin(imports::forget(work)) },
            Job {
                name: "sweep-custom-fields",
                schedule: "40 2 * * *",
                run: |work| Box::pin(crate::custom::sweep(work)),
            },
        ],
    }
}

const CONTACTS: EventSource = EventSource {
    name: "contact",
    resource: "contacts",
    read: &ContactsRead::INFO,
    undo: Some(Undoable {
        table: sql!("contacts"),
        columns: sql!(
            "id, first_name, last_name, email, phone, emails, phones, addresses, tags, company, primary_company_id, notes, ",
            "custom, version, created_at, updated_at, owner_id"
        ),
        writes: &[&ContactsWrite::INFO, &ContactsAssign::INFO],
        refers: &[Refers { column: sql!("primary_company_id"), table: sql!("companies") }],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[
            Settable::of::<Option<Email>>("email"),
            Settable::of::<Option<Phone>>("phone"),
            Settable::of::<Option<Text<200>>>("company"),
            Settable::of::<Option<Prose<10_000>>>("notes"),
        ],
    }),
};

const COMPANIES: EventSource = EventSource {
    name: "company",
    resource: "companies",
    read: &CompaniesRead::INFO,
    undo: Some(Undoable {
        table: sql!("companies"),
        columns: sql!(
            "id, name, website, industry, tax_number, email, phone, addresses, tags, notes, custom, owner_id, version, ",
            "created_at, updated_at"
        ),
        writes: &[&CompaniesWrite::INFO, &CompaniesAssign::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[
            Settable::of::<Text<200>>("name"),
            Settable::of::<Option<Website>>("website"),
            Settable::of::<Option<Text<100>>>("industry"),
            Settable::of::<Option<Text<50>>>("tax_number"),
            Settable::of::<Option<Email>>("email"),
            Settable::of::<Option<Phone>>("phone"),
            Settable::of::<Option<Prose<10_000>>>("notes"),
        ],
    }),
};

/// They are a part of contacts, and so is what one may do with them.
const POSITIONS: EventSource = EventSource {
    name: "position",
    resource: "positions",
    read: &ContactsRead::INFO,
    undo: Some(Undoable {
        table: sql!("positions"),
        columns: sql!("id, contact_id, company_id, title, version, created_at, updated_at"),
        writes: &[&ContactsWrite::INFO],
        refers: &[
            Refers { column: sql!("contact_id"), table: sql!("contacts") },
            Refers { column: sql!("company_id"), table: sql!("companies") },
        ],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[Settable::of::<Option<Text<200>>>("title")],
    }),
};

//! Tenantry's core: tenancy, sign-in, the HTTP edge and the CRM that every industry needs. It knows no module by name.
//!
//! # The house
//!
//! An organization is a **tenant**: one row in the registry, one PostgreSQL schema, one database role. Everything
//! here serves one idea: a mistake in a handler cannot show one tenant's row to another, because it does not compile,
//! or because the database refuses it.
//!
//! Rooms, in the order in which a request passes them:
//!
//! | room | what lives there |
//! |---|---|
//! | [`http`] | the server and its limits; problems; the callers ([`http::Can`]); bodies, answers, lists ([`http::Criteria`]) |
//! | [`value`] | texts, dates, amounts: parsed once, described in the document, stored as they are |
//! | [`permission`] | roles and permissions, and which records a role is for |
//! | [`bulk`] | many records in one request |
//! | [`export`] | whole lists as files |
//! | [`module`] | [`module::Module`], the descriptor that each module registers; one API composed of all; the document |
//! | [`identity`] | people, passwords, sessions, tokens, API keys; organizations, their members, teams, invitations, roles, modules |
//! | [`operator`] | who runs the platform: accounts of their own, tenants from outside |
//! | [`crm`] | contacts, the pattern of every resource; companies, and who works where; deals on their pipelines; projects, activities, tasks and timelines; the dashboard and insights; what several kinds of records are made of (`crm::parts`) |
//! | [`calendar`] | what can be booked, when it is free, who has it: hours, exceptions, bookings, holds, slots |
//! | [`custom`] | fields of an organization's own: definitions, values, how lists are asked by them, indexes that follow use |
//! | [`tenancy`] | [`tenancy::TenantId`]; SQL as a type; statements; the door; the pool; making and mending tenants |
//! | [`events`] | the journal of who changed what, as audit, as events and by webhooks; what organizations have done because of it; the outbox: what is promised to the outside |
//! | [`worker`] | keeps those promises: claims, does, tries again; jobs that come up by time |
//! | [`egress`] | requests to addresses that tenants choose, and none of them inside |
//! | [`notify`] | notices: what people are told, in whose words and language, when they may be; consent, bounces |
//! | [`files`] | what organizations keep beside their tables: documents in a directory or a bucket, each under its own organization |
//! | [`mail`], [`sms`] | how a notice leaves: letters by a relay, text messages by a provider |
//! | [`platform`] | what a process shares; the schema `platform`; starting, and refusing to start |
//! | [`config`] | one struct per area |
//! | [`embedded`] | the private PostgreSQL of development and tests |
//! | [`cli`] | `tenantry serve`, `tenantry tenant …` |
//! | `testing` | with the feature `testing`: a real server on a database of its own, for each test |
//!
//! # Invariants
//!
//! - A tenant's schema and role are named `t_` and 32 hexadecimal digits of its id. Neither ever changes.
//! - No SQL reaches a tenant's tables but through the door (`tenancy::door`). There is no tenant in a global, a
//!   thread-local or a task-local.
//! - The runtime logins have no rights but to ask for admission. Forgetting the tenant is *permission denied*.
//! - `public` and `platform` are never in a tenant's search path. No foreign key leaves a schema.
//! - Core names no module. A module names no other module and depends on `tenantry-core` only.
//! - Revoking takes effect on the next request, without another round trip. So does leaving a team.
//! - A record that has an owner comes out of the database, and is changed there, only by a statement that knows its caller's reach
//!   ([`tenancy::owned`]): a type made with [`owned_row!`] fits no other. What only counts them or joins them names what is in reach
//!   instead of the table ([`tenancy::reached`]). Out of reach is 404, byte for byte as what does not exist.
//!   What follows from a change for the records of others, such as that viewings are cancelled, is done to all of them
//!   ([`tenancy::Reach::of_consequences`]), and shows none.
//! - Nobody gives a role, a permission or a scope that goes further than their own.
//! - What a person does outside of a tenant runs behind the question whether the session is live ([`http::SignedIn`]), as
//!   everything inside one does behind *admit*.
//! - Who listens to events (`events::live`) hears nothing later than a second after losing access, and nothing that was read by
//!   any other right than that of somebody who listens to the same organization.
//! - A change with an `Idempotency-Key` and the record of its answer commit together, or not at all (`http::once`).
//! - No refresh token, API key, signing key or secret of a webhook can be made from a dump of the database: each needs the installation's secret.
//! - A file of an organization is named by ids that are made here alone, and reached only by whoever is that organization
//!   ([`files::TenantFiles`]).
//! - No request goes to an address that a tenant has chosen but through [`egress`], which looks at the address that is connected to.
//!   An endpoint for webhooks hears no more than who changed it last could see.
//! - What is undone is a change by whoever undoes it, and never more than they could do by hand ([`events::undo`]).
//! - A rule does no more than its author may do by hand at that moment, once for an event, and starts no other rule ([`events::rules`]).
//! - What stands in a statement was seen by the compiler, but for keys of organizations' own fields: a
//!   [`FieldKey`](tenancy::FieldKey) is a word of `a-z`, `0-9` and `_`, and gets in as a quoted literal in one place
//!   (`tenancy::Sql::push_clause`).
//! - No text of the database, and no input, is ever put into an answer.
//!
//! # Three walks
//!
//! **`GET /contacts/{id}`.** The edge bounds the request. [`http::Can`]`<ContactsRead>` verifies the token (or
//! the API key) and asks its claims for the permission. The handler asks the store for a [`tenancy::Statement`], which is only a
//! description, and gives it to `caller.read(…)`. The door takes a connection, the tenant's home one if it is idle,
//! and sends one message (`tenancy::wire`): the *entry*, which asks for admission (the session is live, the role unchanged,
//! the tenant active, the module enabled) and takes role and path; the statement; the *seal* (role, path and the schema's
//! fence row are this tenant's, or a division by zero). PostgreSQL makes one transaction of it and answers once: the rows
//! are a record, and the record is bytes.
//!
//! **`POST /auth/register`.** One transaction of the admin login: registry row, user, membership, session, then the
//! schema, the role, the fence, the migrations of each module that every tenant has, grants, the ledger. A crash
//! leaves nothing. The same function (`tenancy::build`) enables modules, migrates and repairs.
//!
//! **A start.** The registered modules are compared with those that the build should have, and their API is composed
//! and checked. The platform's schema is migrated; the server refuses to start where the database would let a tenant
//! out of its role (`platform::start`). Tenants that an earlier process left behind are brought up to date.
//!
//! # What one touches
//!
//! - **A field**: the migration; in the resource's `mod.rs` the record, its `row!`, what makes it and what changes it;
//!   in `store.rs` the two `.set(…)`; in the descriptor the `columns` of its `undo`; the test. What is forgotten in `row!` or when a new record is stored does not
//!   compile.
//! - **An owner** for a resource: the column `owner_id` with an index, `owned_row!` in place of `row!`, and in `store.rs`
//!   `owned(reach)` in place of `records`, `select`, `change` and `statement`, which do not compile any more. A record that is a
//!   part of another one says so in `owned_row!` and has no column. The document's `x-owned`, the explanations and the attacks
//!   of the prover follow by themselves.
//! - **An operation**: `api.rs`, `store.rs`, the test. Its permission and its errors get into the document by its types.
//! - **What a list can be asked for**: a line of `criteria!` in the resource's `mod.rs`, and an index that serves it. The
//!   parameters, their description and the SQL follow from it; a test reads the plans of all of them.
//! - **A job**, what comes up by time: a line of `jobs` in the module's descriptor, with its schedule and a function that is
//!   given the door of one tenant ([`worker::TenantWork`]).
//! - **Several of something** in a record (addresses, numbers): [`value::Several`] in a column `jsonb`; tags: [`value::Tags`] in `text[]`.
//! - **A module**: a crate in `modules/` with a descriptor; in the root its dependency in `Cargo.toml`, and in
//!   `src/lib.rs` its `use` and its name. The start says what is missing.
//!
//! A list's SQL and its page are made by [`tenancy::records`] and [`http::Criteria`] ([`http::Paging`] where there is nothing to
//! filter by), a change by [`tenancy::change`]; whatever else there is to say is a [`tenancy::statement`] written out. Sums, boards and searches over records that have
//! owners are a [`tenancy::reached`] statement: it names them `<table>_in_reach`, which is what the caller reaches of them.
#![forbid(unsafe_code)]

pub mod bulk;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod crm;
pub mod custom;
pub mod egress;
pub mod embedded;
pub mod events;
pub mod export;
pub mod files;
pub mod http;
pub mod identity;
pub mod mail;
pub mod module;
pub mod notify;
pub mod operator;
pub mod permission;
pub mod platform;
pub mod sms;
pub mod tenancy;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;
pub mod worker;

/// What the macros of this crate name in the code that they make.
#[doc(hidden)]
pub mod __private {
    pub use bytes;
    pub use inventory;
    pub use poem_openapi;
    pub use rust_decimal;
    pub use serde;
    pub use serde_json;
    pub use tokio_postgres;
    pub use uuid;
}

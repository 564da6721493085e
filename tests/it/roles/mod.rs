//! `/api/v1/roles`, `/api/v1/permissions` and `/api/v1/authz/explain`

mod change;
mod explain;
mod explain_records;
mod scope;
mod use_of;

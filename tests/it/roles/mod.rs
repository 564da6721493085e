//! `/api/v1/roles`, `/api/v1/permissions` and `/api/v1/authz/explain`

mod change;
mod explain;
mod use_of;

//! `/api/v1/organization`

mod delete;
mod get;
mod update;

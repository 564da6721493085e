//! `/api/v1/organization`

mod delete;
mod get;
mod transfer;
mod update;

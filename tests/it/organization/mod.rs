//! `/api/v1/organization`

mod delete;
mod document;
mod get;
mod transfer;
mod update;

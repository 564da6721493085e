//! `/api/v1/contacts`

mod create;
mod delete;
mod filters;
mod get;
mod indexes;
mod pages;
mod sorts;
mod update;
mod validation;

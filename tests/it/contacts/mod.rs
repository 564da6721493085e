//! `/api/v1/contacts`

mod assign;
mod create;
mod delete;
mod filters;
mod get;
mod indexes;
mod pages;
mod scope;
mod sorts;
mod update;
mod validation;

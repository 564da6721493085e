//! `/api/v1/contacts`

mod assign;
mod consents;
mod create;
mod delete;
mod duplicates;
mod filters;
mod get;
mod pages;
mod parts;
mod scope;
mod sorts;
mod update;
mod validation;

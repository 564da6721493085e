//! `/api/v1/modules`

mod disable;
mod enable;
mod list;
mod purge;

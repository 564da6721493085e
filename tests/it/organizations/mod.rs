//! `/api/v1/organizations`

mod create;
mod restore;
mod select;

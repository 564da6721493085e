//! `/api/v1/organizations`

mod select;

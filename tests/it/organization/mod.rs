//! `/api/v1/organization`

mod get;

//! `/api/v1/operator/tenants`

mod bulk;
mod create;
mod deletion;
mod list;
mod rename;
mod suspension;
mod usage;

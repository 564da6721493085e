//! `/api/v1/operator/tenants`

mod bulk;
mod create;
mod list;
mod suspension;
mod usage;

//! Many tenants: how they share logins, and how they are brought up to date.

mod catch_up;
mod plans;
mod shards;

//! `/api/v1/operator/…`: what operators can do, and nobody else.

mod audit;
mod auth;
mod support;
mod tenants;

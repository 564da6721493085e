//! `/api/v1/teams`

mod lifetime;
mod members;

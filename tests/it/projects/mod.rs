//! `/api/v1/projects`

mod life;
mod members;
mod tasks;

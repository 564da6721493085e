//! `/events` and `/live`: what has happened, in one order for all.

mod list;
mod live;

//! `/events`: what has happened, in one order for all.

mod list;

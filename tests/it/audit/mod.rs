//! `/audit`: who changed what.

mod chain;
mod denied;
mod list;
mod seen;
mod tables;
pub mod undo;
mod undo_conflicts;
mod undo_random;
mod undo_rights;

pub use undo::{acme, all_of, me};

//! `/audit`: who changed what.

mod chain;
mod denied;
mod list;
mod seen;
mod tables;
mod undo;
mod undo_conflicts;
mod undo_random;
mod undo_rights;

pub use undo::all_of;

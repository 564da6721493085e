//! `/audit`: who changed what.

mod chain;
mod denied;
mod list;
mod seen;
mod tables;

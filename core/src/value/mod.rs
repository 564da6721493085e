//! Values of the edge: parsed once, bounded, described in the document, stored as they are.
//!
//! Each is read from JSON or a parameter by its `parse`, which says what is expected where it refuses. The database
//! repeats every rule as a constraint.

mod date;
mod moment;
mod money;
mod scalar;
mod slug;
mod sort;
mod text;

pub use date::Date;
pub use moment::Moment;
pub use money::{Amount, Country, Currency};
pub use slug::Slug;
pub use sort::SortValue;
pub use text::{Email, Text};

//! Values of the edge: parsed once, bounded, described in the document, stored as they are.
//!
//! Each is read from JSON or a parameter by its `parse`, which says what is expected where it refuses. The database
//! repeats every rule as a constraint.

mod characters;
mod date;
mod email;
mod locale;
mod moment;
mod money;
mod phone;
mod prose;
mod scalar;
mod slug;
mod sort;
mod text;
mod zone;

pub(crate) use characters::{one_line, prose};
pub use date::Date;
pub use email::Email;
pub use locale::Locale;
pub use moment::Moment;
pub use money::{Amount, Country, Currency};
pub use phone::Phone;
pub use prose::Prose;
pub use slug::Slug;
pub use sort::SortValue;
pub use text::Text;
pub use zone::{TimeZone, WallTime};

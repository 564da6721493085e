//! Values of the edge: parsed once, bounded, described in the document, stored as they are.
//!
//! Each is read from JSON or a parameter by its `parse`, which says what is expected where it refuses. The database
//! repeats every rule as a constraint.

mod characters;
mod clock;
mod date;
mod email;
mod folded;
mod locale;
mod moment;
mod money;
mod phone;
mod prose;
mod scalar;
mod several;
mod slug;
mod sort;
mod tags;
mod text;
mod website;
mod zone;

pub(crate) use characters::{one_line, prose};
pub use clock::Clock;
pub use date::Date;
pub use email::Email;
pub use folded::folded;
pub use locale::Locale;
pub use moment::Moment;
pub use money::{Amount, Country, Currency, Percent, Sum};
pub use phone::Phone;
pub use prose::Prose;
pub use several::Several;
pub use slug::Slug;
pub use sort::SortValue;
pub use tags::{Label, Tags};
pub use text::Text;
pub use website::Website;
pub use zone::{TimeZone, WallTime};

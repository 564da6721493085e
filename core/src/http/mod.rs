//! The HTTP edge: what comes in is bounded and parsed once, what goes out is a record or a problem.

mod answer;
mod body;
mod caller;
mod date;
mod money;
mod page;
mod problem;
mod route;
mod scalar;
pub mod server;
mod site;
mod text;

pub use answer::{Answer, Created, Deleted, Item, Made, Versioned, expected_version, patch, replace};
pub use body::Body;
pub use caller::{ANONYMOUS, Anonymous, Caller, Can, SIGNED_IN, SignedIn};
pub use date::Date;
pub use money::{Amount, Country, Currency};
pub use page::{Cursor, Limit, Order, Page, Paging, Sort, SortValue, contains};
pub use problem::{ApiError, ApiResult, FieldProblem, Problem};
pub(crate) use route::{Gate, PathEndpoint, StrictQuery};
pub use server::ClientAddr;
pub use site::site;
pub use text::{Email, Slug, Text};

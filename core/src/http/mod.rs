//! The HTTP edge: what comes in is bounded and parsed once, what goes out is a record or a problem.

mod answer;
mod body;
mod caller;
mod change;
mod govern;
mod if_match;
mod offer;
mod once;
mod operator;
mod page;
mod problem;
mod rate_limit;
mod route;
pub mod server;
mod site;

pub use answer::{Accepted, Answer, Created, Deleted, Item, Made, Proven, Versioned, patch, replace};
pub use body::Body;
pub(crate) use caller::bearer;
pub use caller::{ANONYMOUS, Anonymous, Caller, Can, SIGNED_IN, SignedIn, Ticketed};
pub(crate) use caller::{DeniedTries, forget_denied_tries};
pub use change::Change;
pub(crate) use change::NEVER_NULL;
pub use if_match::{IfMatch, IfMatchGiven};
pub(crate) use offer::Offer;
pub(crate) use once::{IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED, Idempotent, takes_key};
pub use operator::{OPERATOR, Operator};
pub use page::{Cursor, Limit, Lister, Order, Page, Paging, Sort, contains};
pub use problem::{ApiError, ApiResult, FieldProblem, Problem};
pub use rate_limit::Quota;
pub(crate) use route::{Declared, Gate, OperationEndpoint, PathEndpoint};
pub use server::ClientAddr;
pub use site::site;

//! The HTTP edge: what comes in is bounded and parsed once, what goes out is a record or a problem.

mod answer;
mod body;
mod caller;
mod change;
mod criteria;
mod cursor;
mod govern;
mod if_match;
mod offer;
mod once;
mod operator;
mod order;
mod page;
mod problem;
mod provision;
mod query;
mod rate_limit;
mod refused;
mod route;
mod rows;
pub mod server;
mod site;
mod upload;

pub use answer::{Accepted, Answer, Created, Deleted, Item, Made, Proven, Versioned, patch, replace};
pub use body::Body;
pub(crate) use caller::bearer;
pub use caller::{ANONYMOUS, Anonymous, Caller, Can, SIGNED_IN, SignedIn, Ticketed};
pub(crate) use caller::{DeniedTries, forget_denied_tries};
pub use change::Change;
pub(crate) use change::NEVER_NULL;
pub use criteria::{
    Criteria, CustomOf, Field, FieldInfo, Filter, Listing, ListingInfo, Operator as FilterOperator, Unpaged, Wanted,
    listings, starting,
};
pub(crate) use criteria::{expand, split};
pub(crate) use cursor::Place;
pub use cursor::{Cursor, Lister};
pub use if_match::{IfMatch, IfMatchGiven};
pub(crate) use offer::{CSV, NDJSON, Offer};
pub(crate) use once::{IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED, Idempotent, takes_key};
pub use operator::{OPERATOR, Operator};
pub(crate) use order::{Arranged, ArrangedLast};
pub use order::{Last, Order, Sort};
pub use page::{Limit, Page, Paging, begins, contains};
pub use problem::{ApiError, ApiResult, FieldProblem, Problem};
pub(crate) use query::KnownQuery;
pub use rate_limit::Quota;
pub(crate) use route::{Declared, Gate, OperationEndpoint, PathEndpoint};
pub use rows::Row;
pub use server::ClientAddr;
pub use site::site;
pub(crate) use upload::is_file;
pub use upload::{FileUpload, Upload};

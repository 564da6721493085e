//! Many records in one request: made, changed, deleted, by one statement of each kind. A resource declares it by [`bulk!`](crate::bulk).
//!
//! - this file: what a resource says of itself; `request.rs`: the body; `results.rs`: what became of each row; `work.rs`: how it is done.
//!
//! It does what the single operations do, with the same checks: new records are the caller's own, what is out of reach is not found,
//! what a record names has to be in reach. Audit, events and undo follow, for the journal stands below.

mod request;
mod results;
mod work;

use poem_openapi::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

pub use request::{BulkMode, BulkRequest};
pub use results::{BulkResult, BulkResults};
pub(crate) use work::bulk;

use crate::http::{ApiResult, Versioned};
use crate::permission::PermissionInfo;
use crate::tenancy::{Fragment, Owned, Reach, Statement, many};

/// Records that can be made, changed and deleted many at once; made by [`bulk!`](crate::bulk).
pub trait Bulk: Owned + Versioned + Send + Sync {
    /// What makes one.
    type New: Type + DeserializeOwned + Send;
    /// What changes one.
    type Patch: Type + DeserializeOwned + Send;

    /// What one of them is called in the document, such as `Contact`.
    const NAME: &'static str;
    /// The columns that are written.
    const WRITTEN: &'static [Fragment];
    /// Those of them that name other records, which whoever writes them has to reach.
    const LINKS: &'static [BulkLink];
    /// The field by which a new one is given to a member, and what that takes.
    const GIVEN: Option<(&'static str, &'static PermissionInfo)>;

    /// Its id.
    fn id(&self) -> Uuid;

    /// The values of a new one, by column.
    ///
    /// # Errors
    /// What is wrong with it as a whole.
    fn values(new: Self::New) -> ApiResult<Map<String, Value>>;

    /// Changes it.
    ///
    /// # Errors
    /// What is wrong with what comes out.
    fn change(&mut self, patch: Self::Patch) -> ApiResult<()>;

    /// Its values, by column.
    fn present(&self) -> Map<String, Value>;
}

/// A column that names another record.
#[derive(Debug)]
pub struct BulkLink {
    /// The column, which is the field's name too.
    pub column: &'static str,
    /// Finds those of these ids that are in reach.
    pub keep: fn(Reach, Vec<Uuid>) -> Statement<Vec<(Uuid,)>>,
}

impl BulkLink {
    /// A column that names records of the type `T`.
    pub const fn to<T: Owned>(column: &'static str) -> Self {
        Self { column, keep: |reach, ids| many::<T>(reach).keep(ids) }
    }
}

/// A value as PostgreSQL reads it out of JSON. Texts, numbers and lists of them can always be written.
#[doc(hidden)]
pub fn __value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Declares that records can be made, changed and deleted many at once.
///
/// ```text
/// bulk! {
///     Task by NewTask, TaskPatch: title, priority, contact_id;
///     new |new| new.checked();
///     change |task, patch| patch.apply(task);
///     links contact_id => Contact;
///     given assignee_id by TasksAssign;
/// }
/// ```
/// `without custom;` stands where a record has fields of the organization's own, which are not taken here: what checks a new record
/// and a change refuses them ([`CustomChange::not_in_bulk`](crate::custom::CustomChange::not_in_bulk)).
///
/// The columns are named as the fields of the record and of what makes one. A field of the latter that is left out does not compile.
#[macro_export]
macro_rules! bulk {
    (
        $record:ident by $new:ident, $patch:ident: $($column:ident),+;
        new |$made:ident| $check:expr;
        change |$own:ident, $change:ident| $apply:expr;
        $(links $($link:ident => $target:ty),+;)?
        $(given $given:ident by $assign:ty;)?
        $(without $without:ident;)?
    ) => {
        impl $crate::bulk::Bulk for $record {
            type New = $new;
            type Patch = $patch;
            const NAME: &'static str = stringify!($record);
            const WRITTEN: &'static [$crate::tenancy::Fragment] = &[$($crate::sql!(stringify!($column))),+];
            const LINKS: &'static [$crate::bulk::BulkLink] =
                &[$($($crate::bulk::BulkLink::to::<$target>(stringify!($link))),+)?];
            const GIVEN: Option<(&'static str, &'static $crate::permission::PermissionInfo)> =
                $crate::bulk!(@given $($given by $assign)?);

            fn id(&self) -> $crate::__private::uuid::Uuid {
                self.id.as_uuid()
            }

            fn values(
                $made: $new,
            ) -> $crate::http::ApiResult<$crate::__private::serde_json::Map<String, $crate::__private::serde_json::Value>> {
                let checked: $crate::http::ApiResult<$new> = $check;
                let $new { $($column,)+ $($given,)? $($without: _,)? } = checked?;
                let mut values = $crate::__private::serde_json::Map::new();
                $(values.insert(stringify!($column).to_owned(), $crate::bulk::__value(&$column));)+
                $(values.insert("owner_id".to_owned(), $crate::bulk::__value(&$given));)?
                Ok(values)
            }

            fn change(&mut self, $change: $patch) -> $crate::http::ApiResult<()> {
                let $own = self;
                $apply
            }

            fn present(&self) -> $crate::__private::serde_json::Map<String, $crate::__private::serde_json::Value> {
                let mut values = $crate::__private::serde_json::Map::new();
                $(values.insert(stringify!($column).to_owned(), $crate::bulk::__value(&self.$column));)+
                values
            }
        }
    };
    (@given) => { None };
    (@given $given:ident by $assign:ty) => {
        Some((stringify!($given), &<$assign as $crate::permission::Permission>::INFO))
    };
}

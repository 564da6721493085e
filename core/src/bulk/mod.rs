//! Many records in one request: made, changed, deleted, by one statement of each kind. A resource declares it by [`bulk!`](crate::bulk).
//!
//! - this file: what a resource says of itself; `request.rs`: the body; `results.rs`: what became of each row; `work.rs`: how it is
//!   done; `step.rs`: a row on its way.
//!
//! It does what the single operations do, with the same checks: new records are the caller's own, what is out of reach is not found,
//! what a record names has to be in reach. Audit, events and undo follow, for the journal stands below.

mod request;
mod results;
mod step;
mod work;

use std::future::Future;

use poem_openapi::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

pub use request::{BulkMode, BulkPatch, BulkRequest};
pub use results::{BulkResult, BulkResults};
pub(crate) use work::bulk;

use crate::custom::{CustomChange, Customized};
use crate::http::{ApiResult, Versioned};
use crate::permission::PermissionInfo;
use crate::tenancy::{Fragment, Owned, Reach, Statement, TenantTx, many};

/// Records that can be made, changed and deleted many at once; made by [`bulk!`](crate::bulk).
pub trait Bulk: Owned + Versioned + Send + Sync {
    /// What makes one.
    type New: Type + DeserializeOwned + Send + Sync;
    /// What changes one.
    type Patch: BulkPatch;
    /// What rows are checked against besides what they say and what the record is, such as the stages that deals come to.
    type Beside: Send + Sync;

    /// What one of them is called in the document, such as `Contact`.
    const NAME: &'static str;
    /// The columns that are written.
    const WRITTEN: &'static [Fragment];
    /// Those of them that name other records, which whoever writes them has to reach.
    const LINKS: &'static [BulkLink];
    /// The field by which a new one is given to a member, and what that takes.
    const GIVEN: Option<(&'static str, &'static PermissionInfo)>;
    /// Where they have fields of the organization's own: of which kind they are. `custom` is one of the columns then.
    const CUSTOM: Option<Customized>;

    /// Its id.
    fn id(&self) -> Uuid;

    /// Reads what rows are checked against, once for all of them.
    fn beside(
        tx: &mut TenantTx,
        new: Vec<&Self::New>,
        patches: Vec<&Self::Patch>,
    ) -> impl Future<Output = ApiResult<Self::Beside>> + Send;

    /// Checks a new one in itself.
    ///
    /// # Errors
    /// What is wrong with it as a whole.
    fn checked(new: Self::New) -> ApiResult<Self::New>;

    /// Whom a new one is given to.
    fn given(new: &Self::New) -> Option<Uuid>;

    /// What a new one that was checked says.
    ///
    /// # Errors
    /// What is wrong with it where it comes to.
    fn values(new: Self::New, beside: &Self::Beside) -> ApiResult<BulkValues>;

    /// Changes it but for fields of the organization's own, and gives the change of those.
    ///
    /// # Errors
    /// What is wrong with what comes out.
    fn change(&mut self, patch: Self::Patch, beside: &Self::Beside) -> ApiResult<CustomChange>;

    /// Its values, by column, without those of the organization's own fields.
    fn present(&self) -> Map<String, Value>;

    /// What follows once records are made or changed by a person.
    fn follow(reach: Reach, by: Uuid, ids: Vec<Uuid>) -> Option<Statement<()>> {
        let _ = (reach, by, ids);
        None
    }
}

/// What a row says.
pub struct BulkValues {
    /// By column, without `custom`.
    pub values: Map<String, Value>,
    /// For fields of the organization's own.
    pub custom: CustomChange,
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
/// `own custom of Contacts;` stands where a record has fields of the organization's own: what changes one gives the change of those
/// ([`CustomChange`](crate::custom::CustomChange)) instead of nothing.
///
/// The columns are named as the fields of the record and of what makes one. A field of the latter that is left out does not compile.
#[macro_export]
macro_rules! bulk {
    (
        $record:ident by $new:ident, $patch:ident: $($column:ident),+;
        new |$made:ident| $check:expr;
        change |$changed:ident, $change:ident| $apply:expr;
        $(links $($link:ident => $target:ty),+;)?
        $(given $given:ident by $assign:ty;)?
        $(own $own:ident of $kind:ident;)?
    ) => {
        impl $crate::bulk::Bulk for $record {
            type New = $new;
            type Patch = $patch;
            type Beside = ();
            const NAME: &'static str = stringify!($record);
            const WRITTEN: &'static [$crate::tenancy::Fragment] =
                &[$($crate::sql!(stringify!($column)),)+ $($crate::sql!(stringify!($own)))?];
            const LINKS: &'static [$crate::bulk::BulkLink] =
                &[$($($crate::bulk::BulkLink::to::<$target>(stringify!($link))),+)?];
            const GIVEN: Option<(&'static str, &'static $crate::permission::PermissionInfo)> =
                $crate::bulk!(@given $($given by $assign)?);
            const CUSTOM: Option<$crate::custom::Customized> = $crate::bulk!(@kind $($kind)?);

            fn id(&self) -> $crate::__private::uuid::Uuid {
                self.id.as_uuid()
            }

            async fn beside(
                _: &mut $crate::tenancy::TenantTx,
                _: Vec<&$new>,
                _: Vec<&$patch>,
            ) -> $crate::http::ApiResult<()> {
                Ok(())
            }

            fn checked($made: $new) -> $crate::http::ApiResult<$new> {
                $check
            }

            fn given(new: &$new) -> Option<$crate::__private::uuid::Uuid> {
                $crate::bulk!(@to new $($given)?)
            }

            fn values(new: $new, (): &()) -> $crate::http::ApiResult<$crate::bulk::BulkValues> {
                let $new { $($column,)+ $($given,)? $($own,)? } = new;
                let mut values = $crate::__private::serde_json::Map::new();
                $(values.insert(stringify!($column).to_owned(), $crate::bulk::__value(&$column));)+
                $(values.insert("owner_id".to_owned(), $crate::bulk::__value(&$given));)?
                Ok($crate::bulk::BulkValues { values, custom: $crate::bulk!(@own $($own)?) })
            }

            fn change(&mut self, $change: $patch, (): &()) -> $crate::http::ApiResult<$crate::custom::CustomChange> {
                let $changed = self;
                $crate::bulk!(@changed [$($own)?] $apply)
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
    (@to $new:ident) => {{
        let _ = $new;
        None
    }};
    (@to $new:ident $given:ident) => { $new.$given.map(|person| person.as_uuid()) };
    (@kind) => { None };
    (@kind $kind:ident) => { Some($crate::custom::Customized::$kind) };
    (@own) => { $crate::custom::CustomChange::default() };
    (@own $own:ident) => { $own };
    (@changed [] $apply:expr) => { $apply.map(|()| $crate::custom::CustomChange::default()) };
    (@changed [$own:ident] $apply:expr) => { $apply };
}

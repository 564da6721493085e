//! The orders that lists go in, as SQL and as the place of a record in them.

use uuid::Uuid;

use crate::tenancy::{Clause, Fragment};

/// How a list is sorted; made by [`sorts!`](crate::sorts), or chosen by [`Criteria`](super::Criteria).
pub trait Sort: Copy + Send + 'static {
    /// The records of the list.
    type Record;

    /// The order.
    fn order(self) -> Order<Self::Record>;
}

/// One order: by a column, and by the id among equals.
pub struct Order<R> {
    /// The name that the client uses; it is part of the cursor.
    pub name: &'static str,
    /// The condition for what comes after a value `$1` and an id `$2`.
    pub after: Fragment,
    /// The sorting.
    pub by: Fragment,
    /// Where records may have no value to be sorted by: they come last, whichever way the others go.
    pub last: Option<Last>,
    /// The value that a record is sorted by, as PostgreSQL reads it, and its id.
    pub position: fn(&R) -> (Option<String>, Uuid),
}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Order<R> {}

impl<R: 'static> Sort for Order<R> {
    type Record = R;

    fn order(self) -> Self {
        self
    }
}

/// The records that have no value to be sorted by. An index over (column, id) has them at one of its ends, so both parts of
/// the list are read off the same one.
#[derive(Clone, Copy, Debug)]
pub struct Last {
    /// The condition for those that have a value.
    pub with: Fragment,
    /// The condition for those that have none.
    pub without: Fragment,
    /// The condition for those of them that come after an id `$1`.
    pub after: Fragment,
}

/// An order as lists are read in it: one of the resource's, or one by a field of an organization's own.
pub(crate) struct Arranged<R> {
    pub(crate) after: Clause,
    pub(crate) by: Clause,
    pub(crate) last: Option<ArrangedLast>,
    pub(crate) position: Position<R>,
}

/// The value that a record is sorted by, as PostgreSQL reads it, and its id.
type Position<R> = Box<dyn Fn(&R) -> (Option<String>, Uuid) + Send>;

/// See [`Last`].
#[derive(Clone, Copy)]
pub(crate) struct ArrangedLast {
    pub(crate) with: Clause,
    pub(crate) without: Clause,
    pub(crate) after: Clause,
}

impl<R: 'static> From<Order<R>> for Arranged<R> {
    fn from(order: Order<R>) -> Self {
        let last = |last: Last| ArrangedLast {
            with: last.with.into(),
            without: last.without.into(),
            after: last.after.into(),
        };
        let Order { after, by, position, .. } = order;
        Self { after: after.into(), by: by.into(), last: order.last.map(last), position: Box::new(position) }
    }
}

/// The SQL of an order over a column: its four words are the column, the sign of what comes later, the direction, the type.
///
/// With `nullable`, records may have no value; they come last.
#[doc(hidden)]
#[macro_export]
macro_rules! __order {
    // Texts in any case. PostgreSQL folds the cursor's value too, for it may not do so as Rust does.
    ($name:expr, $column:expr, $later:literal, $way:literal, folded, , |$own:ident| $value:expr) => {
        $crate::http::Order {
            name: $name,
            after: $crate::sql!("(lower(", $column, "), id) ", $later, " (lower($1::text), $2)"),
            by: $crate::sql!("ORDER BY lower(", $column, ")", $way, ", id", $way),
            last: None,
            position: |$own| (Some($crate::value::SortValue::text(&$value)), $own.id.as_uuid()),
        }
    };
    ($name:expr, $column:expr, $later:literal, $way:literal, $type:ident, $($nullable:ident)?, |$own:ident| $value:expr) => {
        $crate::http::Order {
            name: $name,
            after: $crate::sql!("(", $column, ", id) ", $later, " ($1::text::", stringify!($type), ", $2)"),
            by: $crate::sql!("ORDER BY ", $column, $way, ", id", $way),
            last: $crate::__order!(@last $column, $later $(, $nullable)?),
            position: |$own| ($crate::__order!(@value $value $(, $nullable)?), $own.id.as_uuid()),
        }
    };
    (@last $column:expr, $later:literal) => { None };
    (@last $column:expr, $later:literal, nullable) => {
        Some($crate::http::Last {
            with: $crate::sql!($column, " IS NOT NULL"),
            without: $crate::sql!($column, " IS NULL"),
            after: $crate::sql!($column, " IS NULL AND id ", $later, " $1"),
        })
    };
    (@value $value:expr) => { Some($crate::value::SortValue::text(&$value)) };
    (@value $value:expr, nullable) => { $value.as_ref().map($crate::value::SortValue::text) };
}

/// Says in which ways a list can be sorted that takes no criteria. Each needs an index over (column, id).
///
/// ```text
/// sorts! {
///     /// How teams can be sorted.
///     pub enum TeamSort of Team {
///         CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |team| team.created_at,
///     }
/// }
/// ```
#[macro_export]
macro_rules! sorts {
    (
        $(#[$doc:meta])*
        pub enum $name:ident of $record:ty {
            $($up:ident | $down:ident: $up_name:literal | $down_name:literal
                = $type:ident $column:ident => |$own:ident| $value:expr),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, $crate::__private::poem_openapi::Enum)]
        pub enum $name {
            $(
                #[doc = concat!("By ", stringify!($column), ", smallest first.")]
                #[oai(rename = $up_name)]
                $up,
                #[doc = concat!("By ", stringify!($column), ", greatest first.")]
                #[oai(rename = $down_name)]
                $down,
            )+
        }

        impl $crate::http::Sort for $name {
            type Record = $record;

            fn order(self) -> $crate::http::Order<$record> {
                match self {
                    $(
                        Self::$up => $crate::__order!($up_name, stringify!($column), ">", "", $type, , |$own| $value),
                        Self::$down => {
                            $crate::__order!($down_name, stringify!($column), "<", " DESC", $type, , |$own| $value)
                        }
                    )+
                }
            }
        }
    };
}

//! How a resource says what its list can be asked for.

/// Declares what the list of a resource can be asked for: its fields, how each is filtered, whether it gives an order.
///
/// ```text
/// criteria! {
///     /// What deals are listed by.
///     pub struct DealFields of Deal in "deals" by "-created_at", q "search_text" of "the title", custom {
///         /// Where it stands.
///         status: DealStatus => [eq in];
///         /// The currency.
///         amount: Amount => [gt gte lt lte null], sort numeric nullable |deal| deal.amount;
///         /// An address for e-mail.
///         email: Email => folded [eq in null];
///         /// Words to find it by.
///         tags: Text<50> => [has];
///         /// When the record was made.
///         created_at: Moment => [gt gte lt lte], sort timestamptz |deal| deal.created_at;
///     }
/// }
/// ```
/// A field is named as its column is and as it stands in the record; the type is that of one value. `folded` compares texts in any
/// case. `sort` has PostgreSQL's type of the column, or `folded` for texts in any case, and `nullable` where there may be no value.
/// `by` is the order where none is asked for; `q` names the column with the words, folded as [`folded`](crate::value::folded) does
/// it, and what they are of; `custom` says that the record has a field of that name with the values of an organization's own fields.
///
/// What has to be there: for an order an index over (column, id), for the filters one that begins with the column (both over
/// `lower(column)` where folded), for `has` a GIN index, for `contains` and `q` one of trigrams. A test asks PostgreSQL.
#[macro_export]
macro_rules! criteria {
    (
        $(#[$doc:meta])*
        pub struct $name:ident of $record:ident in $table:literal by $default:literal
            $(, q $search:literal of $words:literal)? $(, custom $($custom:literal)?)?
        {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident: $type:ty => $($folded:ident)? [$($operator:ident)*]
                    $(, sort $sql_type:ident $($nullable:ident)? |$own:ident| $value:expr)?;
            )+
        }
    ) => {
        $(#[$doc])*
        pub struct $name;

        impl $crate::http::Listing for $name {
            type Record = $record;
            const NAME: &'static str = $table;
            const FIELDS: &'static [$crate::http::Field<$record>] = &[
                $(
                    $crate::http::Field::new::<$type>(
                        stringify!($field),
                        concat!($($field_doc),*),
                        const { $crate::criteria!(@filters $field, $type, [$($folded)?] [$($operator)*]) },
                        $crate::criteria!(@orders $field $(, $sql_type, $($nullable)?, |$own| $value)?),
                    ),
                )+
            ];
            const DEFAULT: $crate::http::Order<$record> = $crate::http::starting(Self::FIELDS, $default);
            const SEARCH: Option<($crate::tenancy::Fragment, &'static str)> =
                $crate::criteria!(@search $($search of $words)?);
            const CUSTOM: Option<$crate::http::CustomOf<$record>> =
                $crate::criteria!(@custom $record $(custom $($custom)?)?);
        }

        $crate::__private::inventory::submit! { $crate::http::ListingInfo::of::<$name>() }
    };

    (@orders $field:ident) => { None };
    (@orders $field:ident, $type:ident, $($nullable:ident)?, |$own:ident| $value:expr) => {
        Some([
            $crate::__order!(stringify!($field), stringify!($field), ">", "", $type, $($nullable)?, |$own| $value),
            $crate::__order!(
                concat!("-", stringify!($field)), stringify!($field), "<", " DESC", $type, $($nullable)?, |$own| $value
            ),
        ])
    };

    (@search) => { None };
    (@search $column:literal of $words:literal) => { Some(($crate::sql!($column, " LIKE $1"), $words)) };

    (@custom $record:ident) => { None };
    (@custom $record:ident custom) => {{
        fn own(record: &$record) -> (&$crate::custom::Custom, $crate::__private::uuid::Uuid) {
            (&record.custom, record.id.as_uuid())
        }
        Some(own)
    }};

    (@filters $field:ident, $type:ty, $mode:tt [$($operator:ident)*]) => {
        &[$($crate::criteria!(@filter $field, $type, $operator $mode)),*]
    };
    (@filter $field:ident, $type:ty, eq [folded]) => {
        $crate::http::Filter::one::<$type>(
            $crate::http::FilterOperator::Eq,
            concat!("filter[", stringify!($field), "]"),
            $crate::sql!("lower(", stringify!($field), ") = lower($1)"),
        )
    };
    (@filter $field:ident, $type:ty, ne [folded]) => {
        $crate::http::Filter::one::<$type>(
            $crate::http::FilterOperator::Ne,
            concat!("filter[", stringify!($field), "][ne]"),
            $crate::sql!("lower(", stringify!($field), ") IS DISTINCT FROM lower($1)"),
        )
    };
    (@filter $field:ident, $type:ty, in [folded]) => {
        $crate::http::Filter::several::<$type>(
            $crate::http::FilterOperator::In,
            concat!("filter[", stringify!($field), "][in]"),
            // An array is folded as the text that it is written as.
            $crate::sql!("lower(", stringify!($field), ") = ANY (lower($1::text[]::text)::text[])"),
        )
    };
    (@filter $field:ident, $type:ty, null [folded]) => {
        $crate::http::Filter::null(
            concat!("filter[", stringify!($field), "][null]"),
            $crate::sql!("lower(", stringify!($field), ") IS NULL"),
            $crate::sql!("lower(", stringify!($field), ") IS NOT NULL"),
        )
    };
    (@filter $field:ident, $type:ty, contains [folded]) => {
        $crate::http::Filter::part(
            concat!("filter[", stringify!($field), "][contains]"),
            $crate::sql!("lower(", stringify!($field), ") LIKE lower($1)"),
        )
    };
    (@filter $field:ident, $type:ty, eq []) => {
        $crate::http::Filter::one::<$type>(
            $crate::http::FilterOperator::Eq,
            concat!("filter[", stringify!($field), "]"),
            $crate::sql!(stringify!($field), " = $1"),
        )
    };
    (@filter $field:ident, $type:ty, ne []) => {
        $crate::http::Filter::one::<$type>(
            $crate::http::FilterOperator::Ne,
            concat!("filter[", stringify!($field), "][ne]"),
            $crate::sql!(stringify!($field), " IS DISTINCT FROM $1"),
        )
    };
    (@filter $field:ident, $type:ty, in []) => {
        $crate::http::Filter::several::<$type>(
            $crate::http::FilterOperator::In,
            concat!("filter[", stringify!($field), "][in]"),
            $crate::sql!(stringify!($field), " = ANY ($1)"),
        )
    };
    (@filter $field:ident, $type:ty, gt []) => { $crate::criteria!(@ordered $field, $type, Gt, "gt", ">") };
    (@filter $field:ident, $type:ty, gte []) => { $crate::criteria!(@ordered $field, $type, Gte, "gte", ">=") };
    (@filter $field:ident, $type:ty, lt []) => { $crate::criteria!(@ordered $field, $type, Lt, "lt", "<") };
    (@filter $field:ident, $type:ty, lte []) => { $crate::criteria!(@ordered $field, $type, Lte, "lte", "<=") };
    (@filter $field:ident, $type:ty, null []) => {
        $crate::http::Filter::null(
            concat!("filter[", stringify!($field), "][null]"),
            $crate::sql!(stringify!($field), " IS NULL"),
            $crate::sql!(stringify!($field), " IS NOT NULL"),
        )
    };
    (@filter $field:ident, $type:ty, has []) => {
        $crate::http::Filter::several::<$type>(
            $crate::http::FilterOperator::Has,
            concat!("filter[", stringify!($field), "][has]"),
            $crate::sql!(stringify!($field), " @> $1"),
        )
    };
    (@filter $field:ident, $type:ty, $other:ident [folded]) => {
        compile_error!(concat!(
            "`", stringify!($other), "` is no operator of `", stringify!($field), "`: folded words have eq, ne, in, null and contains"
        ))
    };
    (@filter $field:ident, $type:ty, $other:ident []) => {
        compile_error!(concat!(
            "`", stringify!($other), "` is no operator of `", stringify!($field), "`: there are eq, ne, in, gt, gte, lt, lte, null and has"
        ))
    };
    (@ordered $field:ident, $type:ty, $operator:ident, $word:literal, $sign:literal) => {
        $crate::http::Filter::ordered::<$type>(
            $crate::http::FilterOperator::$operator,
            concat!("filter[", stringify!($field), "][", $word, "]"),
            $crate::sql!(stringify!($field), " ", $sign, " $1"),
        )
    };
}

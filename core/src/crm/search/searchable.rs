//! How a resource says that it can be found.

use serde::Serialize;

use crate::permission::PermissionInfo;
use crate::tenancy::{Fragment, Owned, Reached};

/// Records that the search finds; made by [`searchable!`](crate::searchable).
#[derive(Serialize)]
pub struct Searchable {
    /// The table.
    pub resource: &'static str,
    /// Whoever may see them finds them.
    #[serde(skip)]
    pub read: &'static PermissionInfo,
    #[serde(skip)]
    pub(super) within: fn(Reached) -> Reached,
    /// How it is found: by all the words `$2`, by one of them (`$4`, `$5`, `$6`) and likeness, by likeness alone.
    #[serde(skip)]
    pub(super) ways: [Fragment; 5],
}
inventory::collect!(Searchable);

impl Searchable {
    /// For [`searchable!`](crate::searchable).
    #[doc(hidden)]
    pub const fn of<T: Owned>(read: &'static PermissionInfo, ways: [Fragment; 5]) -> Self {
        Self { resource: T::RESOURCE.table.as_str(), read, within: |reached| reached.with::<T>(), ways }
    }
}

/// Lets records with owners be found. Their table has a column `search_text` of what is looked in, folded, with an index of
/// trigrams over it (`migrations/tenant/V10__companies.sql` has the pattern).
///
/// ```text
/// searchable!(Deal in "deals", title: "title", subtitle: "status", read: DealsRead);
/// ```
/// What has the words as they were written comes out; where nothing has, of whatever kind, what resembles them and has one of them;
/// and where nothing does, what only resembles them. Of each kind no more than so many are looked at closely, so that a word that
/// stands everywhere costs no more than others.
#[macro_export]
macro_rules! searchable {
    ($record:ident in $table:literal, title: $title:literal, subtitle: $subtitle:literal, read: $read:ident) => {
        $crate::__private::inventory::submit! {
            $crate::crm::search::Searchable::of::<$record>(
                &<$read as $crate::permission::Permission>::INFO,
                [
                    $crate::searchable!(@hits $table, $title, $subtitle, " + 1", "search_text LIKE $2", "100"),
                    $crate::searchable!(@near $table, $title, $subtitle, "$4"),
                    $crate::searchable!(@near $table, $title, $subtitle, "$5"),
                    $crate::searchable!(@near $table, $title, $subtitle, "$6"),
                    $crate::searchable!(@hits $table, $title, $subtitle, "",
                        "search_text OPERATOR(extensions.%>) $1 AND NOT EXISTS (SELECT 1 FROM exact) \
                         AND NOT EXISTS (SELECT 1 FROM near)", "50"),
                ],
            )
        }
    };
    (@near $table:literal, $title:literal, $subtitle:literal, $word:literal) => {
        $crate::searchable!(@hits $table, $title, $subtitle, "",
            concat!("search_text LIKE ", $word, " AND search_text OPERATOR(extensions.%>) $1 AND NOT EXISTS (SELECT 1 FROM exact)"), "50")
    };
    (@hits $table:literal, $title:literal, $subtitle:literal, $more:literal, $condition:expr, $most:literal) => {
        $crate::sql!(
            "(SELECT '", $table, "' AS resource, id, ", $title, " AS title, ", $subtitle, " AS subtitle, ",
            "(extensions.word_similarity($1, search_text)", $more, ")::float8 AS score ",
            "FROM ", $table, "_in_reach WHERE ", $condition, " LIMIT ", $most, ")"
        )
    };
}

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
    #[serde(skip)]
    pub(super) sql: Fragment,
}
inventory::collect!(Searchable);

impl Searchable {
    /// For [`searchable!`](crate::searchable).
    #[doc(hidden)]
    pub const fn of<T: Owned>(read: &'static PermissionInfo, sql: Fragment) -> Self {
        Self { resource: T::RESOURCE.table.as_str(), read, within: |reached| reached.with::<T>(), sql }
    }
}

/// Lets records with owners be found. Their table has a column `search_text` of what is looked in, folded, with an index of
/// trigrams over it (`migrations/tenant/V10__companies.sql` has the pattern).
///
/// ```text
/// searchable!(Deal in "deals", title: "title", subtitle: "status", read: DealsRead);
/// ```
/// What has the words as they were written comes first; what only resembles them is looked for where there is little of that.
/// Of either no more than 200 are looked at closely, so that a word that stands everywhere costs no more than others.
#[macro_export]
macro_rules! searchable {
    ($record:ident in $table:literal, title: $title:literal, subtitle: $subtitle:literal, read: $read:ident) => {
        $crate::__private::inventory::submit! {
            $crate::crm::search::Searchable::of::<$record>(
                &<$read as $crate::permission::Permission>::INFO,
                $crate::sql!(
                    "(WITH exact AS MATERIALIZED (SELECT id, ", $title, " AS title, ", $subtitle, " AS subtitle, search_text ",
                    "FROM ", $table, "_in_reach WHERE search_text LIKE $2 LIMIT 200) ",
                    "SELECT '", $table, "' AS resource, id, title, subtitle, ",
                    "(extensions.word_similarity($1, search_text) + (search_text LIKE $2)::int)::float8 AS score FROM (",
                    "SELECT id, title, subtitle, search_text FROM exact UNION ALL ",
                    "(SELECT id, ", $title, ", ", $subtitle, ", search_text FROM ", $table, "_in_reach ",
                    "WHERE search_text OPERATOR(extensions.%>) $1 AND search_text NOT LIKE $2 ",
                    "AND (SELECT count(*) FROM exact) < 5 LIMIT 200)",
                    ") AS found ORDER BY score DESC, id LIMIT $3)"
                ),
            )
        }
    };
}

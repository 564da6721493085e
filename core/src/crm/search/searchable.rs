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
    /// Those that have the words `$2`.
    #[serde(skip)]
    pub(super) exact: Fragment,
    /// Those that resemble the words `$1`, where there is nothing in `exact`.
    #[serde(skip)]
    pub(super) alike: Fragment,
}
inventory::collect!(Searchable);

impl Searchable {
    /// For [`searchable!`](crate::searchable).
    #[doc(hidden)]
    pub const fn of<T: Owned>(read: &'static PermissionInfo, exact: Fragment, alike: Fragment) -> Self {
        Self { resource: T::RESOURCE.table.as_str(), read, within: |reached| reached.with::<T>(), exact, alike }
    }
}

/// Lets records with owners be found. Their table has a column `search_text` of what is looked in, folded, with an index of
/// trigrams over it (`migrations/tenant/V10__companies.sql` has the pattern).
///
/// ```text
/// searchable!(Deal in "deals", title: "title", subtitle: "status", read: DealsRead);
/// ```
/// What has the words as they were written comes out, and only where nothing has them, of whatever kind, what resembles them. Of
/// each kind no more than so many are looked at closely, so that a word that stands everywhere costs no more than others.
#[macro_export]
macro_rules! searchable {
    ($record:ident in $table:literal, title: $title:literal, subtitle: $subtitle:literal, read: $read:ident) => {
        $crate::__private::inventory::submit! {
            $crate::crm::search::Searchable::of::<$record>(
                &<$read as $crate::permission::Permission>::INFO,
                $crate::sql!(
                    "(SELECT '", $table, "' AS resource, id, ", $title, " AS title, ", $subtitle, " AS subtitle, ",
                    "(extensions.word_similarity($1, search_text) + 1)::float8 AS score ",
                    "FROM ", $table, "_in_reach WHERE search_text LIKE $2 LIMIT 100)"
                ),
                $crate::sql!(
                    "(SELECT '", $table, "' AS resource, id, ", $title, " AS title, ", $subtitle, " AS subtitle, ",
                    "extensions.word_similarity($1, search_text)::float8 AS score ",
                    "FROM ", $table, "_in_reach WHERE search_text OPERATOR(extensions.%>) $1 ",
                    "AND NOT EXISTS (SELECT 1 FROM exact) LIMIT 50)"
                ),
            )
        }
    };
}

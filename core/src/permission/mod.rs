//! Roles and permissions: what one may do in an organization.

mod held;
mod key;
mod record_scope;

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

pub use held::{HeldRole, Verdict};
pub use key::{RoleKey, RoleRef};
pub use record_scope::RecordScope;

/// What a member may do, from least to most. Each role may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works with the records.
    Member,
    /// Also sets the organization up.
    Admin,
    /// Also owns it.
    Owner,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// The word of the API, the token and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Something one may be allowed to do. Made by [`permissions!`](crate::permissions); a handler takes it as
/// [`Can<P>`](crate::http::Can), which is at once the check and the line in the API document.
pub trait Permission: Send + Sync + 'static {
    /// What the descriptor of the module lists and the document shows.
    const INFO: PermissionInfo;
}

/// A permission to see records as often as one likes. What is read by a permission that [`Logs`] is read with an entry in a log.
#[diagnostic::on_unimplemented(
    message = "what `{Self}` is for is only read with an entry in a log",
    note = "use `caller.read_logged(log, statement)`"
)]
pub trait Reads: Permission {}

/// A permission that allows changes. Only with such a one does [`Can`](crate::http::Can) have a door to write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` allows no changes",
    note = "say `write {Self} = …` in `permissions!`, or ask for a permission that is declared so"
)]
pub trait Writes: Reads {}

/// A permission to see records of which each reading is written down, in the same transaction. Such a
/// [`Can`](crate::http::Can) has no other way to read: [`read_logged`](crate::http::Can::read_logged).
pub trait Logs: Permission {}

/// A permission as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    /// `<resource>.<verb>`, unique in the whole platform.
    pub name: &'static str,
    /// The module that it belongs to.
    pub module: &'static str,
    /// The least role that has it.
    pub role: Role,
    /// Whether it allows changes.
    pub writes: bool,
    /// Whether it is about all records at once, so that a role for some of them cannot have it.
    pub whole: bool,
}

/// Declares the permissions of a module, and `PERMISSIONS`, the list for its descriptor.
///
/// ```
/// tenantry_core::permissions! {
///     module "salon";
///     /// See the chairs.
///     read ChairsRead = "chairs.read" from Viewer;
///     /// Move the chairs.
///     write ChairsWrite = "chairs.write" from Member;
///     /// See who moved which chair: not for a role that is for some records only.
///     read MovesRead = "moves.read" from Admin for all;
///     /// See what customers said of their hair. Each reading is written down.
///     logged WordsRead = "words.read" from Member for all;
/// }
/// # fn main() {
/// assert_eq!(PERMISSIONS.len(), 4);
/// # }
/// ```
/// What is only read with a log has no other door:
/// ```compile_fail
/// use tenantry_core::http::Can;
/// use tenantry_core::{sql, tenancy::statement};
/// tenantry_core::permissions! {
///     module "salon";
///     /// See what customers said of their hair.
///     logged WordsRead = "words.read" from Member for all;
/// }
/// async fn peek(caller: Can<WordsRead>) {
///     let _ = caller.read(statement(sql!("SELECT 1")).done()).await;
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! permissions {
    (module $module:literal; $($(#[$doc:meta])* $kind:ident $name:ident = $text:literal from $role:ident $(for $extent:ident)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl $crate::permission::Permission for $name {
                const INFO: $crate::permission::PermissionInfo = $crate::permission::PermissionInfo {
                    name: $text,
                    module: $module,
                    role: $crate::permission::Role::$role,
                    writes: $crate::permissions!(@writes $kind),
                    whole: $crate::permissions!(@whole $($extent)?),
                };
            }
            $crate::permissions!(@impl $kind $name);
        )+

        /// All permissions of this module.
        pub const PERMISSIONS: &[$crate::permission::PermissionInfo] =
            &[$(<$name as $crate::permission::Permission>::INFO),+];
    };
    (@whole) => { false };
    (@whole all) => { true };
    (@writes read) => { false };
    (@writes logged) => { false };
    (@writes write) => { true };
    (@impl read $name:ident) => { impl $crate::permission::Reads for $name {} };
    (@impl logged $name:ident) => { impl $crate::permission::Logs for $name {} };
    (@impl write $name:ident) => {
        impl $crate::permission::Reads for $name {}
        impl $crate::permission::Writes for $name {}
    };
}

#[cfg(test)]
mod tests;

//! The policy: who may do what, and who may give which role. Pure functions of a role; nothing else decides.

use serde::{Deserialize, Serialize};

use super::{PermissionInfo, RecordScope, Role, RoleKey};

/// A role as somebody holds it, with what it allows where it is an organization's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldRole {
    /// Which role.
    pub key: RoleKey,
    /// The names of the permissions of a custom role; not asked for in one of the four.
    pub permissions: Vec<String>,
    /// Which records a custom role is for; each of the four is for all.
    pub scope: RecordScope,
}

/// Whether something is allowed, and by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The role is one of the four and high enough.
    Role,
    /// The custom role lists the permission.
    CustomRole,
    /// The role is one of the four and too low.
    RoleTooLow,
    /// The custom role does not list the permission.
    NotInCustomRole,
    /// Only owners may, and a custom role is never one.
    OwnersOnly,
    /// It is about all records, and the custom role is for some of them.
    ScopeTooNarrow,
}

impl Verdict {
    /// Whether it is a yes.
    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Role | Self::CustomRole)
    }
}

impl From<Role> for HeldRole {
    fn from(role: Role) -> Self {
        Self { key: role.into(), permissions: Vec::new(), scope: RecordScope::All }
    }
}

impl PermissionInfo {
    /// Whether a custom role may have it. What only owners may do stays with them.
    pub fn is_grantable(&self) -> bool {
        self.role < Role::Owner
    }
}

impl HeldRole {
    /// As a membership and the custom role beside it say. A custom role that says nothing allows nothing.
    pub(crate) fn stored(key: RoleKey, permissions: Option<Vec<String>>, scope: Option<RecordScope>) -> Self {
        let least = if key.role().built_in().is_some() { RecordScope::All } else { RecordScope::Own };
        Self { key, permissions: permissions.unwrap_or_default(), scope: scope.unwrap_or(least) }
    }

    /// Whether who holds this role has the permission.
    pub fn verdict(&self, permission: &PermissionInfo) -> Verdict {
        verdict(self.key, self.scope, &self.permissions, permission)
    }

    /// Whether who holds this role may give `other`, or take it from somebody: it must allow nothing more,
    /// and that on no other records.
    ///
    /// `all` are the permissions of the platform.
    pub fn covers<'a>(&self, other: &Self, mut all: impl Iterator<Item = &'a PermissionInfo>) -> bool {
        match (self.key, other.key) {
            (RoleKey::BuiltIn(own), RoleKey::BuiltIn(other)) => own >= other,
            (_, RoleKey::BuiltIn(Role::Owner)) => false,
            _ if self.scope < other.scope => false,
            _ => all.all(|each| self.verdict(each).is_allowed() || !other.verdict(each).is_allowed()),
        }
    }
}

/// The policy for a role of this key and scope; `listed` is what it allows where it is a custom one.
pub(crate) fn verdict(key: RoleKey, scope: RecordScope, listed: &[String], permission: &PermissionInfo) -> Verdict {
    match key {
        RoleKey::BuiltIn(role) if role >= permission.role => Verdict::Role,
        RoleKey::BuiltIn(_) => Verdict::RoleTooLow,
        RoleKey::Custom { .. } if !permission.is_grantable() => Verdict::OwnersOnly,
        RoleKey::Custom { .. } if !listed.iter().any(|name| name == permission.name) => Verdict::NotInCustomRole,
        RoleKey::Custom { .. } if permission.whole && !scope.is_all() => Verdict::ScopeTooNarrow,
        RoleKey::Custom { .. } => Verdict::CustomRole,
    }
}

//! The names of roles: one of the four that every organization has, or one that it made itself.

use std::fmt;

use poem_openapi::registry::MetaSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::Role;
use crate::{column, scalar};

/// What a membership, a session and a token say of a role: `member`, or `custom:<id>:<version>`.
///
/// Editing a custom role raises its version, and with it the key in each membership and session (by cascading foreign
/// keys), so a token that was given for the older version is refused on the next request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RoleKey {
    /// One of the four.
    BuiltIn(Role),
    /// One version of an organization's own role.
    Custom {
        /// The role's id.
        id: Uuid,
        /// Rises by one with each change.
        version: i64,
    },
}

impl RoleKey {
    /// Reads the form of the database and the token.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "not the key of a role".to_owned();
        if let Some(role) = Role::named(text) {
            return Ok(Self::BuiltIn(role));
        }
        let (id, version) = text.strip_prefix("custom:").and_then(|rest| rest.split_once(':')).ok_or_else(wrong)?;
        let id = hyphenated(id).ok_or_else(wrong)?;
        Ok(Self::Custom { id, version: version.parse().map_err(|_| wrong())? })
    }

    /// The role itself, whatever its version.
    pub fn role(self) -> RoleRef {
        match self {
            Self::BuiltIn(role) => RoleRef::BuiltIn(role),
            Self::Custom { id, .. } => RoleRef::Custom(id),
        }
    }
}

impl From<Role> for RoleKey {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => f.write_str(role.as_str()),
            Self::Custom { id, version } => write!(f, "custom:{id}:{version}"),
        }
    }
}

impl Serialize for RoleKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RoleKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

column!(RoleKey, &str, |text| Self::parse(text)?, |own| own.to_string());

/// A role as the API names it: `viewer`, `member`, `admin`, `owner`, or `custom:<id>` with the id of `/roles`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RoleRef {
    /// One of the four.
    BuiltIn(Role),
    /// The organization's own role of this id.
    Custom(Uuid),
}

impl RoleRef {
    /// Reads the form of the API.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let custom = || text.strip_prefix("custom:").and_then(hyphenated).map(Self::Custom);
        let expected = || "expected viewer, member, admin, owner, or custom: and the id of a role".to_owned();
        Role::named(text).map(Self::BuiltIn).or_else(custom).ok_or_else(expected)
    }

    /// The id, where it is the organization's own.
    pub fn custom(self) -> Option<Uuid> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Custom(id) => Some(id),
        }
    }

    /// The word, where it is one of the four.
    pub fn built_in(self) -> Option<Role> {
        match self {
            Self::BuiltIn(role) => Some(role),
            Self::Custom(_) => None,
        }
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => f.write_str(role.as_str()),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

impl Serialize for RoleRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `custom:` and the 36 characters of a UUID.
const LONGEST: usize = 43;

scalar!(RoleRef, "role", MetaSchema { max_length: Some(LONGEST), ..MetaSchema::new_with_format("string", "role") });
// In the database a role stands with its version.
column!(RoleRef, &str, |key| RoleKey::parse(key)?.role(), |own| own.to_string());

fn hyphenated(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_names_are_read_back_and_nothing_else() {
        let id = Uuid::from_u128(7);
        for key in [RoleKey::BuiltIn(Role::Admin), RoleKey::Custom { id, version: 3 }] {
            assert_eq!(RoleKey::parse(&key.to_string()), Ok(key));
            assert_eq!(RoleRef::parse(&key.role().to_string()), Ok(key.role()));
        }
        for wrong in ["", "root", "custom:", "custom::1", &format!("custom:{id}:"), &format!("custom:{{{id}}}:1")] {
            assert!(RoleKey::parse(wrong).is_err() && RoleRef::parse(wrong).is_err(), "{wrong}");
        }
        assert!(RoleRef::parse(&format!("custom:{id}:1")).is_err());
    }
}

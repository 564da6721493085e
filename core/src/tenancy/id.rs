//! The identity of a tenant, and the one database name that is made from it.

use std::fmt;

use serde::{Deserialize, Serialize};
use tokio_postgres::types::{FromSql, ToSql, Type, accepts, to_sql_checked};
use uuid::Uuid;

/// The identity of a tenant: a random UUID that never changes and is never used again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(Uuid);

impl TenantId {
    /// A new identity of 122 random bits.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The UUID itself, for documents and keys.
    pub fn as_uuid(self) -> Uuid {
        self.0
    }

    /// The name of this tenant's schema, which is also the name of its role.
    pub fn schema(self) -> SchemaName {
        SchemaName(self)
    }
}

impl From<Uuid> for TenantId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> FromSql<'a> for TenantId {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Uuid::from_sql(ty, raw).map(Self)
    }

    accepts!(UUID);
}

impl ToSql for TenantId {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.0.to_sql(ty, out)
    }

    accepts!(UUID);
    to_sql_checked!();
}

/// `t_` and 32 hexadecimal digits: a schema and a role.
///
/// It can only be made from a [`TenantId`], holds no character that SQL could read otherwise, and is far below
/// PostgreSQL's 63 bytes. No other identifier is ever formatted into SQL.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SchemaName(TenantId);

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t_{}", self.0.0.simple())
    }
}

impl fmt::Debug for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_is_t_and_32_hex() {
        let id = TenantId::from(Uuid::from_u128(0xAB));
        assert_eq!(id.schema().to_string(), "t_000000000000000000000000000000ab");
        assert_eq!(TenantId::random().schema().to_string().len(), 34);
    }
}

//! What a record has several of, in one column of it.

use std::borrow::Cow;

use bytes::BytesMut;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use tokio_postgres::types::{FromSql, IsNull, Json, ToSql, Type as SqlType, to_sql_checked};

/// Up to 20 parts of a record, such as addresses, in the order in which they were given. A column `jsonb`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Several<T>(Vec<T>);

impl<T> Several<T> {
    const MOST: usize = 20;

    /// Of parts of our own making, which are few.
    pub fn of(parts: Vec<T>) -> Self {
        Self(parts)
    }

    /// The parts.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts: Vec<T> = Vec::deserialize(deserializer)?;
        if parts.len() > Self::MOST {
            return Err(serde::de::Error::custom(format!("at most {}", Self::MOST)));
        }
        Ok(Self(parts))
    }
}

impl<'r, T: DeserializeOwned> FromSql<'r> for Several<T> {
    fn from_sql(ty: &SqlType, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Json::from_sql(ty, raw).map(|Json(parts)| Self(parts))
    }

    fn accepts(ty: &SqlType) -> bool {
        *ty == SqlType::JSONB
    }
}

impl<T: Serialize + std::fmt::Debug> ToSql for Several<T> {
    fn to_sql(&self, ty: &SqlType, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Json(&self.0).to_sql(ty, out)
    }

    fn accepts(ty: &SqlType) -> bool {
        *ty == SqlType::JSONB
    }

    to_sql_checked!();
}

impl<T: Type> Type for Several<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        format!("several_{}", T::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            items: Some(Box::new(T::schema_ref())),
            max_items: Some(Self::MOST),
            ..MetaSchema::new("array")
        }))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl<T: Type + DeserializeOwned> ParseFromJSON for Several<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl<T: Type + Serialize> ToJSON for Several<T> {
    fn to_json(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }
}

//! What stands in the column `custom` of a record, and what a client sends for it.

use std::borrow::Cow;

use bytes::BytesMut;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use tokio_postgres::types::{FromSql, IsNull, Json, ToSql, Type as SqlType, to_sql_checked};

/// The most fields that a resource has.
const MOST: usize = 50;

/// The values of a record's own fields, by their keys.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Custom(Map<String, Value>);

impl Custom {
    /// The value of a field, as PostgreSQL would write it. None where there is none.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// Whether a field has a value.
    pub fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }
}

impl<'r> FromSql<'r> for Custom {
    fn from_sql(ty: &SqlType, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Json::from_sql(ty, raw).map(|Json(values)| Self(values))
    }

    fn accepts(ty: &SqlType) -> bool {
        *ty == SqlType::JSONB
    }
}

/// Values for fields of the organization's own, by their keys: what is not named stays, null takes a value away.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct CustomChange(pub(super) Map<String, Value>);

impl CustomChange {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a field has a value once these have changed what was there.
    pub(crate) fn leaves(&self, was: &Custom, key: &str) -> bool {
        self.0.get(key).map_or_else(|| was.has(key), |value| !value.is_null())
    }
}

impl<'de> Deserialize<'de> for CustomChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: Map<String, Value> = Map::deserialize(deserializer)?;
        if values.len() > MOST {
            return Err(serde::de::Error::custom(format!("at most {MOST} fields")));
        }
        Ok(Self(values))
    }
}

/// Any object: which fields an organization has, and of which types, stands in its own document.
fn any_object() -> MetaSchemaRef {
    let any = MetaSchemaRef::Inline(Box::new(MetaSchema::ANY));
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        additional_properties: Some(Box::new(any)),
        max_properties: Some(MOST),
        ..MetaSchema::new("object")
    }))
}

macro_rules! object {
    ($type:ty, $name:literal) => {
        impl Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                any_object()
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }

        impl ToJSON for $type {
            fn to_json(&self) -> Option<Value> {
                Some(Value::Object(self.0.clone()))
            }
        }
    };
}
object!(Custom, "custom");
object!(CustomChange, "custom_change");

impl ParseFromJSON for Custom {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map(Self).map_err(ParseError::custom)
    }
}

impl ParseFromJSON for CustomChange {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

/// Values that their fields take, as the column `custom` gets them.
#[derive(Debug, Default)]
pub struct Checked(pub(super) Map<String, Value>);

impl Checked {
    /// The values by their keys.
    pub(crate) fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The same, to keep.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

impl ToSql for Checked {
    fn to_sql(&self, ty: &SqlType, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Json(&self.0).to_sql(ty, out)
    }

    fn accepts(ty: &SqlType) -> bool {
        *ty == SqlType::JSONB
    }

    to_sql_checked!();
}

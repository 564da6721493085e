//! The name of a field of some records: one that every organization has, or one of the organization's own.

use std::borrow::Cow;

use bytes::BytesMut;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type as SqlType, to_sql_checked};

use crate::tenancy::FieldKey;

/// How the names of the organization's own fields begin.
const OWN: &str = "custom.";

/// One of the words of `C`, or `custom.` and the key of a field of the organization's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldName<C> {
    /// One that every organization has.
    Common(C),
    /// One of the organization's own.
    Own(FieldKey),
}

impl<C: Serialize> Serialize for FieldName<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Common(field) => field.serialize(serializer),
            Self::Own(key) => serializer.collect_str(&format_args!("{OWN}{key}")),
        }
    }
}

impl<'de, C: Deserialize<'de>> Deserialize<'de> for FieldName<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        match text.strip_prefix(OWN) {
            Some(key) => FieldKey::parse(key).map(Self::Own).map_err(D::Error::custom),
            None => C::deserialize(text.into_deserializer()).map(Self::Common),
        }
    }
}

impl<C: Type> Type for FieldName<C> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        format!("{}_or_own", C::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let own = MetaSchema {
            description: Some("A field of the organization's own, by its key; see `GET /custom-fields`."),
            pattern: Some("^custom\\.[a-z][a-z0-9_]{0,39}$".to_owned()),
            ..MetaSchema::new("string")
        };
        let any_of = vec![C::schema_ref(), MetaSchemaRef::Inline(Box::new(own))];
        MetaSchemaRef::Inline(Box::new(MetaSchema { any_of, ..MetaSchema::ANY }))
    }

    fn register(registry: &mut Registry) {
        C::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl<C: Type + DeserializeOwned> ParseFromJSON for FieldName<C> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl<C: Type + Serialize> ToJSON for FieldName<C> {
    fn to_json(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }
}

impl<'r, C: DeserializeOwned> FromSql<'r> for FieldName<C> {
    fn from_sql(ty: &SqlType, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let text = String::from_sql(ty, raw)?;
        Ok(serde_json::from_value(Value::String(text))?)
    }

    fn accepts(ty: &SqlType) -> bool {
        <String as FromSql>::accepts(ty)
    }
}

impl<C: Serialize + std::fmt::Debug> ToSql for FieldName<C> {
    fn to_sql(&self, ty: &SqlType, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        serde_json::to_value(self)?.as_str().to_sql(ty, out)
    }

    fn accepts(ty: &SqlType) -> bool {
        <String as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

//! A value that a field is compared with, or set to.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::value::Text;

/// One line of up to 1000 characters, a number, or a boolean.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct FieldValue(Value);

impl FieldValue {
    /// Characters of a text.
    const MAX: usize = 1000;

    /// Checks a value; a text is normalised as those of records are.
    ///
    /// # Errors
    /// What it should be instead.
    pub fn parse(value: Value) -> Result<Self, String> {
        match value {
            Value::Bool(_) | Value::Number(_) => Ok(Self(value)),
            Value::String(text) => Text::<{ Self::MAX }>::parse(&text).map(|text| Self(text.as_str().into())),
            Value::Null | Value::Array(_) | Value::Object(_) => Err("a text, a number or a boolean".to_owned()),
        }
    }

    /// The value.
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Type for FieldValue {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "field_value".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let text = MetaSchema { min_length: Some(1), max_length: Some(Self::MAX), ..MetaSchema::new("string") };
        let one_of = vec![inline(text), inline(MetaSchema::new("number")), inline(MetaSchema::new("boolean"))];
        inline(MetaSchema { one_of, ..MetaSchema::ANY })
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ParseFromJSON for FieldValue {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Self::parse(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl ToJSON for FieldValue {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

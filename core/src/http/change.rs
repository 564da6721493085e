//! A field of a PATCH that may be left out and not be null.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A change of a field that may not be empty: left out it stays, null is refused. What may be empty is a
/// [`MaybeUndefined`](poem_openapi::types::MaybeUndefined).
#[derive(Debug, Clone)]
pub struct Change<T>(pub(super) Option<T>);

impl<T> Change<T> {
    /// Whether there is a new value.
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// The new value, where there is one.
    pub fn given(self) -> Option<T> {
        self.0
    }
}

/// Marks such a field on its way into the document, which lets every other optional field be null.
pub(crate) const NEVER_NULL: &str = "never-null";

impl<T> Default for Change<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

impl<T: Type> Type for Change<T> {
    const IS_REQUIRED: bool = false;
    type RawValueType = T::RawValueType;
    type RawElementValueType = T::RawElementValueType;

    fn name() -> Cow<'static, str> {
        Option::<T>::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref().merge(MetaSchema { title: Some(NEVER_NULL.to_owned()), ..MetaSchema::ANY })
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&T::RawValueType> {
        self.0.as_raw_value()
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a T::RawElementValueType> + 'a> {
        self.0.raw_element_iter()
    }

    fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl<T: ParseFromJSON> ParseFromJSON for Change<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Option::parse_from_json(value).map(Self).map_err(poem_openapi::types::ParseError::propagate)
    }
}

impl<T: ToJSON> ToJSON for Change<T> {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

//! Rows of a body: each is read by itself, so that a mistake in one is that row's and not the whole body's.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::body;
use super::problem::ApiError;

/// How many places of a request a problem points at.
const MOST_PLACES: usize = 100;

/// A row as it was sent: any JSON in which no key is given twice.
#[derive(Clone, Debug)]
pub struct Row(Value);

impl Row {
    /// A row of values that came in another form, or a part of one.
    pub(crate) fn of_value(value: Value) -> Self {
        Self(value)
    }

    /// Takes a key out of the row.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.as_object_mut()?.shift_remove(key)
    }

    /// Reads the row.
    ///
    /// # Errors
    /// 422 that points at the place in the row.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        serde_path_to_error::deserialize(self.0).map_err(|error| {
            let pointer = body::pointer(error.path());
            // Without any path serde writes a dot, which is no key.
            let pointer = if pointer == "/?" { String::new() } else { pointer };
            body::refusal(error.into_inner(), pointer)
        })
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Strict).map(Self)
    }
}

/// Reads what JSON can say, but for a key twice.
struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Row(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((key, Row(value))) = entries.next_entry::<String, Row>()? {
            if all.insert(key, value).is_some() {
                return Err(A::Error::custom("duplicate field"));
            }
        }
        Ok(Value::Object(all))
    }
}

impl ApiError {
    /// The same of a part of the body: what it points at stands below `place`.
    #[must_use]
    pub(crate) fn below(mut self, place: &str) -> Self {
        if self.errors.is_empty() {
            let detail = self.detail.clone().into_owned();
            return self.at(place, detail);
        }
        for error in &mut self.errors {
            error.pointer.insert_str(0, place);
        }
        self
    }

    /// Points at the places of another problem, too, as long as there are few.
    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        let room = MOST_PLACES.saturating_sub(self.errors.len());
        self.errors.extend(other.errors.into_iter().take(room));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        name: String,
        tags: Vec<u8>,
    }

    fn read(json: &str) -> (u16, String) {
        let row: Row = serde_json::from_str(json).unwrap();
        let error = row.read::<Sample>().unwrap_err().below("/create/7");
        (error.status().as_u16(), error.problem().errors.iter().map(|error| error.pointer.as_str()).collect())
    }

    #[test]
    fn a_row_is_read_as_strictly_as_a_body() {
        assert!(
            serde_json::from_str::<Row>(r#"{"a":1,"a":2}"#).unwrap_err().to_string().starts_with("duplicate field")
        );
        assert!(serde_json::from_str::<Row>(r#"{"b":{"a":1,"a":2}}"#).is_err());
        assert_eq!(read(r#"{"name":"x","tags":[1,"y"]}"#), (422, "/create/7/tags/1".to_owned()));
        assert_eq!(read(r#"{"tags":[]}"#), (422, "/create/7/name".to_owned()));
        assert_eq!(read(r#"{"name":"x","tags":[],"zebra":1}"#), (422, "/create/7/zebra".to_owned()));
        assert_eq!(read("7"), (422, "/create/7".to_owned()));
    }
}

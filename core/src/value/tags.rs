//! Short words that people put on records, and call the parts of records by.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::{Deserialize, Deserializer, Serialize};

use super::Text;
use crate::{column, scalar};

/// A word of 1 to 50 characters on one line, without the blanks around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Label(Text<{ Label::MAX }>);

impl Label {
    const MAX: usize = 50;

    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the client.
    pub fn parse(text: &str) -> Result<Self, String> {
        // Blanks alone are no word, and their reason is that of a text.
        let trimmed = text.trim();
        Text::parse(if trimmed.is_empty() { text } else { trimmed }).map(Self)
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

scalar!(Label, "label", {
    MetaSchema { min_length: Some(1), max_length: Some(Label::MAX), ..MetaSchema::new("string") }
});
column!(Label, Text<{ Label::MAX }>, |text| Self(text), |own| own.0);

/// The tags of a record: up to 50 words, each once. Of those that differ in upper and lower case alone the first stays. A
/// column `text[]`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Tags(Vec<Label>);

impl Tags {
    const MOST: usize = 50;

    /// Leaves out what is there twice, and bounds the rest.
    ///
    /// # Errors
    /// Where there are too many.
    pub fn new(labels: Vec<Label>) -> Result<Self, String> {
        let mut seen: Vec<String> = Vec::new();
        let mut kept = Vec::new();
        for label in labels {
            let folded = label.as_str().to_lowercase();
            if seen.contains(&folded) {
                continue;
            }
            if kept.len() == Self::MOST {
                return Err(format!("at most {} tags", Self::MOST));
            }
            seen.push(folded);
            kept.push(label);
        }
        Ok(Self(kept))
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.iter()
    }
}

column!(Tags, Vec<Label>, |labels| Self(labels), |own| own.0);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Type for Tags {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "tags".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            items: Some(Box::new(Label::schema_ref())),
            max_items: Some(Self::MOST),
            ..MetaSchema::new("array")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ParseFromJSON for Tags {
    fn parse_from_json(value: Option<serde_json::Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl ToJSON for Tags {
    fn to_json(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> Result<Vec<String>, String> {
        let tags: Tags = serde_json::from_value(value).map_err(|error| error.to_string())?;
        Ok(tags.iter().map(|tag| tag.as_str().to_owned()).collect())
    }

    #[test]
    fn tags_are_trimmed_and_stand_once() {
        assert_eq!(read(json!([" VIP ", "vip", "Küche", "KÜCHE", "a b"])).unwrap(), ["VIP", "Küche", "a b"]);
        assert_eq!(read(json!([])).unwrap(), [""; 0]);
        assert_eq!(read(json!([format!("  {}\t", "x".repeat(50))])).unwrap().len(), 1);
        for wrong in [json!([""]), json!(["  "]), json!(["x".repeat(51)]), json!(["a\nb"]), json!([1]), json!("a")] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
        let many = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(read(json!(many(50))).unwrap().len(), 50);
        assert_eq!(read(json!(many(51))).unwrap_err(), "at most 50 tags");
    }
}

//! What is asked for: words, and kinds of records.

use std::ops::{Deref, DerefMut};

use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use super::Searchable;
use crate::scalar;
use crate::value::Text;

/// Words to look for, of 2 to 200 characters: one letter would be anybody.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Words(String);

impl Words {
    /// Checks them.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = Text::<200>::parse(text.trim())?;
        if words.as_str().chars().nth(1).is_none() {
            return Err("expected at least two characters".to_owned());
        }
        Ok(Self(words.as_str().to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

scalar!(Words, "search_words", {
    MetaSchema { min_length: Some(2), max_length: Some(200), ..MetaSchema::new("string") }
});

/// Kinds of records, in the order of their names, which keeps the statement the same; all of them where nothing is said.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Kinds(Vec<&'static Searchable>);

impl Default for Kinds {
    fn default() -> Self {
        let mut kinds: Vec<&'static Searchable> = inventory::iter::<Searchable>().collect();
        kinds.sort_by_key(|kind| kind.resource);
        Self(kinds)
    }
}

impl Kinds {
    /// Reads their names.
    ///
    /// # Errors
    /// The names that there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut kinds = Self::default();
        let asked: Vec<&str> = text.split(',').map(str::trim).collect();
        if asked.iter().any(|name| kinds.iter().all(|kind| kind.resource != *name)) {
            let known: Vec<&str> = kinds.iter().map(|kind| kind.resource).collect();
            return Err(format!("expected some of {}, with commas between them", known.join(", ")));
        }
        kinds.retain(|kind| asked.contains(&kind.resource));
        Ok(kinds)
    }
}

scalar!(Kinds, "search_kinds", {
    let known: Vec<&str> = Kinds::default().iter().map(|kind| kind.resource).collect();
    let one = format!("({})", known.join("|"));
    MetaSchema { max_length: Some(200), pattern: Some(format!("^{one}(,{one})*$")), ..MetaSchema::new("string") }
});

impl Deref for Kinds {
    type Target = Vec<&'static Searchable>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Kinds {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

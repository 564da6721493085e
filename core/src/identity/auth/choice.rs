//! Passwords as people choose them: long, otherwise free.

use std::ops::Deref;

use poem_openapi::registry::MetaSchema;

use crate::scalar;
use crate::value::Text;

/// What is enough alone, and what is enough beside a second factor, in characters.
const LONG: usize = 15;
const SHORT: usize = 8;

/// A password of somebody who may have a second factor. It is not shown in any debug output.
///
/// Whether the person has one decides whether fewer than 15 characters are enough: see [`AnyPassword::is_long`].
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct AnyPassword(Text<1024>);

/// A password that is enough alone. It is not shown in any debug output.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(transparent)]
pub struct Password(AnyPassword);

impl AnyPassword {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = Text::<1024>::parse(text)?;
        if text.as_str().chars().count() < SHORT {
            return Err(too_short());
        }
        if text.as_str().len() > 1024 {
            return Err("at most 1024 bytes".to_owned());
        }
        Ok(Self(text))
    }

    /// Whether it is enough without a second factor.
    pub(crate) fn is_long(&self) -> bool {
        self.0.as_str().chars().count() >= LONG
    }

    /// The password itself, to be hashed.
    pub(crate) fn reveal(&self) -> String {
        self.0.to_string()
    }
}

impl std::fmt::Debug for AnyPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Checks and normalises.
    ///
    /// # Errors
    /// What is wrong, in words for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let password =
            AnyPassword::parse(text).map_err(|error| if error == too_short() { too_short_alone() } else { error })?;
        if password.is_long() { Ok(Self(password)) } else { Err(too_short_alone()) }
    }
}

impl Deref for Password {
    type Target = AnyPassword;

    fn deref(&self) -> &AnyPassword {
        &self.0
    }
}

fn too_short_alone() -> String {
    format!("at least {LONG} characters; a sentence is easy to remember")
}

/// What to say of a password that is too short for who chooses it, and could have a second factor.
pub(in crate::identity) fn too_short() -> String {
    format!("at least {LONG} characters, or {SHORT} beside a second factor; a sentence is easy to remember")
}

fn schema(least: usize) -> MetaSchema {
    MetaSchema { min_length: Some(least), max_length: Some(1024), ..MetaSchema::new_with_format("string", "password") }
}

scalar!(AnyPassword, "any_password", schema(SHORT));
scalar!(Password, "password", schema(LONG));

//! The key of a field of an organization's own: the one thing beside checked fragments that gets into a statement.

use poem_openapi::registry::MetaSchema;
use serde::{Serialize, Serializer};

use super::sql::Fragment;
use crate::{column, scalar};

/// A key: a small letter of `a-z`, then up to 39 of `a-z`, `0-9` and `_`.
///
/// Nothing else can be made one, so a key is safe in a statement as the literal that an index over an expression is found by:
/// PostgreSQL plans once for all values of a parameter, and would find none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldKey {
    letters: [u8; Self::MAX],
    length: u8,
}

impl FieldKey {
    const MAX: usize = 40;

    /// Checks a text.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let mut letters = [0; Self::MAX];
        let fits = text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_plain);
        match letters.get_mut(..text.len()) {
            Some(own) if fits => own.copy_from_slice(text.as_bytes()),
            _ => return Err("expected a small letter, then up to 39 of a-z, 0-9 and _".to_owned()),
        }
        Ok(Self { letters, length: u8::try_from(text.len()).unwrap_or_default() })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        let own = self.letters.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(own).unwrap_or_default()
    }
}

impl std::fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FieldKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

scalar!(FieldKey, "field_key", {
    MetaSchema { pattern: Some("^[a-z][a-z0-9_]{0,39}$".to_owned()), ..MetaSchema::new("string") }
});
column!(FieldKey, &str, |text| Self::parse(text)?, |own| own.as_str());

/// A fragment in which `:key` stands for the key of a field, if there is one. Without it PostgreSQL refuses the statement.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    pub(super) fragment: Fragment,
    pub(super) key: Option<FieldKey>,
    pub(super) by_value: bool,
}

impl Clause {
    /// A fragment about a field.
    pub(crate) const fn on(fragment: Fragment, key: FieldKey) -> Self {
        Self { fragment, key: Some(key), by_value: false }
    }

    /// A fragment of which few or many rows hold, which only its value tells: a word that stands everywhere is better looked for
    /// in the list's own order, a rare one in the index of words. PostgreSQL then plans the statement each time, for a fraction of a
    /// millisecond; elsewhere it plans once for all values.
    pub(crate) const fn by_value(fragment: Fragment) -> Self {
        Self { fragment, key: None, by_value: true }
    }
}

impl From<Fragment> for Clause {
    fn from(fragment: Fragment) -> Self {
        Self { fragment, key: None, by_value: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;
    use crate::tenancy::Sql;

    #[test]
    fn keys_are_plain_words() {
        let longest = "a".repeat(40);
        for key in ["a", "size", "floor_2", "a_", longest.as_str()] {
            assert_eq!(FieldKey::parse(key).unwrap().as_str(), key);
        }
        let too_long = "a".repeat(41);
        let bad =
            ["", "_a", "1a", "A", "aB", "a-b", "a b", "a'b", "a\"", "a;", "a\0", "ä", "a\u{e4}", "a.b", &too_long];
        for key in bad {
            assert!(FieldKey::parse(key).is_err(), "{key}");
        }
    }

    /// Whatever a client sends: what gets into a statement is a literal without a quote, or nothing.
    #[test]
    fn nothing_else_gets_into_a_statement() {
        let seed = uuid::Uuid::new_v4().as_u128() as u64;
        println!("seed {seed}");
        let mut state = seed | 1;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let bits = ["a", "z", "_", "0", "'", "\\", "''", "$1", ":key", " ", ";", "--", "ä", "\0", "A", "\"", "%"];
        for _ in 0..20_000 {
            let text: String = (0..random(6)).map(|_| bits[random(bits.len())]).collect();
            let Ok(key) = FieldKey::parse(&text) else { continue };
            let mut sql = Sql::from(sql!("WHERE"));
            sql.push_clause(Clause::on(sql!("custom ->> :key = $1"), key), 4);
            assert_eq!(sql.as_str(), format!("WHERE custom ->> '{text}' = $5"), "seed {seed}");
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "seed {seed}: {text}");
        }
    }

    /// One such condition has the whole statement planned by its values.
    #[test]
    fn what_depends_on_its_value_says_so() {
        let mut sql = Sql::from(sql!("WHERE"));
        sql.push_clause(sql!("id = $1").into(), 0);
        assert!(!sql.is_planned_by_values());
        sql.push_clause(Clause::by_value(sql!("AND search_text LIKE $1")), 1);
        assert!(sql.is_planned_by_values());
        let mut all = Sql::from(sql!("SELECT 1"));
        all.append(&sql);
        assert!(all.is_planned_by_values());
    }

    /// A fragment that is about no field keeps its `:key`, which no statement can have.
    #[test]
    fn a_clause_without_a_key_is_no_sql() {
        let mut sql = Sql::from(sql!("WHERE"));
        sql.push_clause(sql!("custom ->> :key = $1").into(), 0);
        assert_eq!(sql.as_str(), "WHERE custom ->> :key = $1");
    }
}

//! The statements of a migration, as words with the lines that they stand in.

use std::path::Path;

use super::text;

/// A word of a statement, in small letters.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word.
    pub text: String,
    /// The line that it stands in.
    pub line: usize,
}

/// Words that stand between a verb and what it is about.
const BETWEEN: [&str; 5] = ["if", "not", "exists", "only", "unique"];

/// The statements of a migration, without what is said about it and without what stands in quotes.
pub fn statements(path: &Path) -> Vec<Vec<Word>> {
    let mut statements = vec![Vec::new()];
    let mut word = String::new();
    let (bare, mut line) = (bare(&text(path)), 1);
    for c in bare.chars().chain([';']) {
        if c.is_alphanumeric() || c == '_' {
            word.extend(c.to_lowercase());
            continue;
        }
        if let Some(statement) = statements.last_mut().filter(|_| !word.is_empty()) {
            statement.push(Word { text: std::mem::take(&mut word), line });
        }
        match c {
            '\n' => line += 1,
            ';' => statements.push(Vec::new()),
            _ => {}
        }
    }
    statements.retain(|statement| !statement.is_empty());
    statements
}

/// The words that stand behind others, which may be `*` for any.
pub fn behind(statement: &[Word], others: &[&str]) -> Vec<Word> {
    let words: Vec<&Word> = statement.iter().filter(|word| !BETWEEN.contains(&word.text.as_str())).collect();
    let are = |found: &[&Word]| found.iter().zip(others).all(|(word, other)| *other == "*" || word.text == *other);
    let found = words.windows(others.len() + 1).filter(|found| are(found));
    found.filter_map(|found| found.last()).map(|word| (*word).clone()).collect()
}

/// The text without comments and literals; its lines stay where they are.
fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '-' if rest.starts_with("--") => rest.find('\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
            // A doubled quote ends one literal and begins the next.
            '\'' => rest.get(1..).and_then(|inside| inside.find('\'')).map(|end| end + 2),
            _ => {
                bare.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        let (gone, left) = rest.split_at(end.unwrap_or(rest.len()));
        bare.push(' ');
        bare.extend(gone.chars().filter(|c| *c == '\n'));
        rest = left;
    }
    bare
}

//! From the text of a filter to the parameter of a statement.

use poem_openapi::types::{ParseFromParameter, ParseResult};

use super::field::Wanted;
use crate::http::page::contains;
use crate::http::server::expectation;
use crate::tenancy::Param;
use crate::value::Text;

/// How many values `in` and `has` take.
const MOST: usize = 50;

/// One value of a type.
pub(super) fn one<V: Wanted>(text: &str) -> Result<Param, String> {
    Ok(Box::new(parsed::<V>(text)?))
}

/// Several of them, as an array.
pub(super) fn several<V: Wanted>(text: &str) -> Result<Param, String> {
    let parts = split(text);
    if parts.len() > MOST {
        return Err(format!("at most {MOST} values"));
    }
    let values: Vec<V> = parts.iter().map(|part| parsed::<V>(part)).collect::<Result<_, _>>()?;
    Ok(Box::new(values))
}

/// A pattern that finds texts with these letters in them.
pub(super) fn pattern(text: &str) -> Result<Param, String> {
    Ok(Box::new(contains(Text::<200>::parse(text)?.as_str())))
}

/// `true` or `false`.
pub(super) fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

fn parsed<V: ParseFromParameter>(text: &str) -> Result<V, String> {
    let parsed: ParseResult<V> = V::parse_from_parameter(text);
    parsed.map_err(|error| expectation(error.message()).into_owned())
}

/// What stands between commas. A comma with a backslash before it is a part of the value, and so is a backslash with one.
pub(crate) fn split(text: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => part.push(letters.next_if(|next| matches!(next, ',' | '\\')).unwrap_or(letter)),
            ',' => parts.push(std::mem::take(&mut part)),
            _ => part.push(letter),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_values_unless_escaped() {
        for (text, parts) in [
            ("a", vec!["a"]),
            ("", vec![""]),
            ("a,b", vec!["a", "b"]),
            ("a,,b,", vec!["a", "", "b", ""]),
            (r"a\,b,c", vec!["a,b", "c"]),
            (r"a\\,b", vec![r"a\", "b"]),
            (r"a\b\", vec![r"a\b\"]),
        ] {
            assert_eq!(split(text), parts, "{text}");
        }
    }

    /// Whatever the values are, writing them with escapes and reading them is the identity.
    #[test]
    fn what_is_escaped_is_read_back() {
        let seed = uuid::Uuid::new_v4().as_u128() as u64;
        println!("seed {seed}");
        let mut state = seed | 1;
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for _ in 0..2000 {
            let values: Vec<String> = (0..=random(4))
                .map(|_| (0..random(6)).map(|_| [',', '\\', 'a', 'ä', ' ', '%'][random(6) as usize]).collect())
                .collect();
            let written: Vec<String> =
                values.iter().map(|value: &String| value.replace('\\', r"\\").replace(',', r"\,")).collect();
            assert_eq!(split(&written.join(",")), values, "seed {seed}");
        }
    }
}

//! What poem-openapi says about a parameter, without the value that it quotes.

use std::borrow::Cow;

/// What is expected of types that are none of ours, whose parsers have words of their own.
const WORDS: [(&str, &str); 3] =
    [("integer", "expected a whole number"), ("number", "expected a number"), ("boolean", "expected true or false")];

/// The part of a reason that tells what is expected.
///
/// poem-openapi writes `Expected input type "T", found VALUE.`, `Type "T" expects an input value.`,
/// `verification failed. RULE` and `failed to parse "T": MESSAGE`, with ` (occurred while parsing "U")` behind it.
/// A message of a parser may say what it found; whatever follows "found" is cut, and one of unknown shape is dropped.
pub(in crate::http) fn expectation(reason: &str) -> Cow<'static, str> {
    let reason = reason.rsplit_once(" (occurred while parsing ").map_or(reason, |(reason, _)| reason);
    if let Some(rest) = reason.strip_prefix("Expected input type \"") {
        let kind = rest.split('"').next().unwrap_or("value");
        return format!("expected a value of type {kind}").into();
    }
    if reason.starts_with("Type \"") {
        return "a value is required".into();
    }
    let message = match reason.strip_prefix("failed to parse \"").and_then(|rest| rest.split_once("\": ")) {
        Some((kind, message)) if !message.starts_with("expected ") => {
            let kind = kind.split(['(', '_', '<']).next().unwrap_or_default();
            if let Some((_, expected)) = WORDS.iter().find(|(known, _)| *known == kind) {
                return (*expected).into();
            }
            Some(message)
        }
        Some((_, message)) => Some(message),
        None => return bound(reason.strip_prefix("verification failed. ").unwrap_or_default()),
    };
    let message = message.and_then(|message| message.split(" found ").next()).unwrap_or_default();
    match message.trim_end_matches([' ', ',', ':', '.']) {
        "" => "this value is not valid".into(),
        "Expect a valid enumeration value" => "expected one of the values that the API document lists".into(),
        message => message.to_owned().into(),
    }
}

/// What a validator says: `maximum(100, exclusive: false)`.
fn bound(rule: &str) -> Cow<'static, str> {
    let number = |name: &str| rule.strip_prefix(name)?.strip_prefix('(')?.split([',', ')']).next();
    match (number("minimum"), number("maximum")) {
        (Some(least), _) => format!("expected at least {least}").into(),
        (_, Some(most)) => format!("expected at most {most}").into(),
        _ => "this value is not valid".into(),
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::{ParseError, ParseFromParameter};

    use super::*;

    fn of<T: ParseFromParameter>(value: &str) -> String {
        T::parse_from_parameter(value).map_or_else(|e| expectation(e.message()).into_owned(), |_| String::new())
    }

    #[test]
    fn the_value_is_not_quoted() {
        for value in ["zebra", "", "99999999999999999999", "1.5"] {
            assert_eq!(of::<u32>(value), "expected a whole number");
            assert_eq!(of::<i64>(value), "expected a whole number");
        }
        assert_eq!(of::<bool>("zebra"), "expected true or false");
        let unlike = ["zebra", "00000000-0000-0000-0000-00000000000z", "\u{1f993}"];
        for value in unlike {
            let messages =
                [of::<uuid::Uuid>(value), of::<time::OffsetDateTime>(value), of::<f64>(value), of::<i8>(value)];
            for message in messages {
                assert!(!message.is_empty() && !message.contains('z') && !message.contains(value), "{message}");
            }
        }
    }

    #[test]
    fn our_own_words_stay() {
        let own = ParseError::<u32>::custom("expected a number from 1 to 200");
        assert_eq!(expectation(own.message()), "expected a number from 1 to 200");
        let own = own.propagate::<String>();
        assert_eq!(expectation(own.message()), "expected a number from 1 to 200");
        let typed = ParseError::<u32>::expected_type(serde_json::json!("zebra, found \"x\""));
        assert_eq!(expectation(typed.message()), "expected a value of type integer(uint32)");
        assert_eq!(expectation(ParseError::<u32>::expected_input().message()), "a value is required");
        assert_eq!(expectation("verification failed. maximum(100, exclusive: false)"), "expected at most 100");
        assert_eq!(expectation("zebra"), "this value is not valid");
    }
}

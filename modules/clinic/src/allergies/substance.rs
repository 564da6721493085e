//! Substances as they are compared: by their words, without case, accents and signs.

use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::value::{Text, folded};

/// What a substance is compared by: its words with one blank between them.
///
/// # Errors
/// 422 at `/substance` where it has no letter and no digit.
pub(crate) fn key(substance: &Text<200>) -> ApiResult<String> {
    let key = words(substance.as_str());
    if key.is_empty() { Err(ApiError::invalid().at("/substance", "has letters or digits")) } else { Ok(key) }
}

fn words(text: &str) -> String {
    let plain = folded(text);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn one_substance_has_one_key() {
        for (text, key) in [
            ("Penicillin V", "penicillin v"),
            ("  PÉNICILLIN-v ", "penicillin v"),
            ("Amoxicillin/Clavulanate", "amoxicillin clavulanate"),
            ("–", ""),
        ] {
            assert_eq!(words(text), key);
        }
    }
}

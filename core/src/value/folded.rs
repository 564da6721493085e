//! Words without case and accents, as the columns `search_text` have them.

use unicode_normalization::UnicodeNormalization as _;

/// A text in lower case, taken apart by NFKD, without combining marks: what `migrations/tenant/V10__companies.sql` makes of the
/// texts that are looked in. Letter by letter, as PostgreSQL does it, so that a sigma at the end of a word is one like any other.
pub fn folded(text: &str) -> String {
    text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_and_accents_go() {
        for (text, plain) in [
            ("Zoë", "zoe"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Ｆｕｌｌ", "full"),
            ("Đặng", "đang"),
            ("ﬁn", "fin"),
            ("ΟΔΟΣ", "οδοσ"),
        ] {
            assert_eq!(folded(text), plain);
        }
    }
}

//! Which characters a line may hold, and which a text of several lines.

/// Controls, and what ends a line or turns its direction: behind them a line does not read as it was meant to.
///
/// Marks such as U+200E, and joiners, are no such thing: names are written with them.
pub(super) fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}') || overrides_direction(c)
}

/// What may not stand in a text of several lines either. Isolates may: they end with their paragraph.
pub(super) fn breaks_prose(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || overrides_direction(c)
}

fn overrides_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}')
}

/// White space, and what shows as nothing although Unicode does not call it that.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{115f}' | '\u{1160}' | '\u{3164}'
        )
}

/// Checks what both kinds of text share: 1 to `max` characters, no U+0000, and not blanks alone.
pub(super) fn check(text: &str, max: usize) -> Result<(), String> {
    match text.chars().count() {
        0 => Err("at least 1 character".to_owned()),
        count if count > max => Err(format!("at most {max} characters")),
        _ if text.contains('\0') => Err("U+0000 is not allowed".to_owned()),
        _ if text.chars().all(is_blank) => Err("at least 1 character that is not blank".to_owned()),
        _ => Ok(()),
    }
}

/// A text from before names were lines, made one line: what breaks it becomes a blank.
pub(crate) fn one_line(text: &str) -> String {
    text.split(breaks_a_line).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The same for a text of several lines: what may not stand in one becomes a blank.
pub(crate) fn prose(text: &str) -> String {
    text.replace("\r\n", "\n").split(breaks_prose).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_and_more_become_one() {
        assert_eq!(one_line("Müller & Söhne"), "Müller & Söhne");
        assert_eq!(one_line("Acme\r\n\r\nPay\u{2028}here\t\u{202e}now\n"), "Acme Pay here now");
    }
}

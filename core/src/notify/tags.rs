//! What a text may do besides saying something: a small part of minijinja's language, checked before that reads it.
//!
//! `{{ name }}`, `{{ name | upper }}`, `{% if name %}` with `elif`, `not`, `else`, `endif`, and `{# comments #}`. There are no
//! loops, no assignments and no arithmetic, so what is rendered is never much longer than the text and its values are.

use super::kind::{Shape, Variable};

/// What is wrong with a text, for whoever wrote it. It quotes nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// From 1 on; none where it is about the text as a whole.
    pub(crate) line: Option<usize>,
    /// In words of ours.
    pub(crate) words: String,
}

impl Fault {
    pub(crate) fn whole(words: impl Into<String>) -> Self {
        Self { line: None, words: words.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.words),
            None => f.write_str(&self.words),
        }
    }
}

/// What a value can be put through.
pub(super) const FILTERS: [&str; 4] = ["capitalize", "lower", "title", "upper"];

const FORMS: &str = "write {{ name }}, {{ name | upper }}, or {% if name %} … {% else %} … {% endif %}";

/// Checks every tag of a text.
pub(super) fn check(text: &str, variables: &[&Variable]) -> Result<(), Fault> {
    let mut line = 1;
    let mut rest = text;
    while let Some((before, tag, behind)) = next(rest) {
        line += lines(before);
        let at = |words: String| Fault { line: Some(line), words };
        let (inside, after) = behind.split_once(tag.close()).ok_or_else(|| at(tag.open_words().to_owned()))?;
        if ["{{", "{%", "{#"].iter().any(|open| inside.contains(open)) {
            return Err(at(tag.open_words().to_owned()));
        }
        // Both dialects of trimming blanks around a tag.
        let content = inside.strip_prefix(['-', '+']).unwrap_or(inside);
        let content = content.strip_suffix(['-', '+']).unwrap_or(content).trim();
        match tag {
            Tag::Value => value(content, variables).map_err(at)?,
            Tag::Block => block(content, variables).map_err(at)?,
            Tag::Comment => {}
        }
        line += lines(inside);
        rest = after;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Tag {
    Value,
    Block,
    Comment,
}

impl Tag {
    const fn close(self) -> &'static str {
        match self {
            Self::Value => "}}",
            Self::Block => "%}",
            Self::Comment => "#}",
        }
    }

    const fn open_words(self) -> &'static str {
        match self {
            Self::Value => "a {{ is never closed by }}",
            Self::Block => "a {% is never closed by %}",
            Self::Comment => "a {# is never closed by #}",
        }
    }
}

/// The next tag: what stands before it, and what comes behind its opening.
fn next(text: &str) -> Option<(&str, Tag, &str)> {
    let opens = [("{{", Tag::Value), ("{%", Tag::Block), ("{#", Tag::Comment)];
    let found = opens.into_iter().filter_map(|(open, tag)| Some((text.find(open)?, open, tag)));
    let (at, open, tag) = found.min_by_key(|(at, ..)| *at)?;
    let (before, behind) = text.split_at(at);
    Some((before, tag, behind.strip_prefix(open)?))
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

fn value(content: &str, variables: &[&Variable]) -> Result<(), String> {
    let mut parts = content.split('|').map(str::trim);
    let variable = known(parts.next().unwrap_or_default(), variables)?;
    for filter in parts {
        if variable.shape == Shape::Link {
            return Err("a link stands as it is, without a filter".to_owned());
        }
        if !FILTERS.contains(&filter) {
            return Err(format!("there is no such filter; known are {}", FILTERS.join(", ")));
        }
    }
    Ok(())
}

fn block(content: &str, variables: &[&Variable]) -> Result<(), String> {
    let mut words = content.split_whitespace();
    let condition = match words.next() {
        Some("if" | "elif") => words.collect::<Vec<_>>(),
        Some("else" | "endif") if words.next().is_none() => return Ok(()),
        _ => return Err(format!("only conditions can stand here: {FORMS}")),
    };
    match condition.as_slice() {
        ["not", name] | [name] => known(name, variables).map(drop),
        _ => Err(format!("a condition is one variable, or not and one: {FORMS}")),
    }
}

fn known<'a>(name: &str, variables: &[&'a Variable]) -> Result<&'a Variable, String> {
    let found = variables.iter().find(|variable| variable.name == name);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = variables.iter().map(|variable| variable.name).collect();
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let what = if is_name { "there is no such variable" } else { "this is no variable" };
        format!("{what}; known are {}. {FORMS}", known.join(", "))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const NAME: Variable = Variable::line("name", "A name.", "Ada");
    const LINK: Variable = Variable::link("link", "The link.");

    fn fault(text: &str) -> Option<String> {
        check(text, &[&NAME, &LINK]).err().map(|fault| fault.to_string())
    }

    #[test]
    fn texts_say_what_there_is_to_say() {
        for text in [
            "",
            "no tags, but } and { and %}",
            "Hello {{ name }}, {{name|upper}}: {{- link -}}",
            "{% if name %}{{ name }}{% elif not link %}x{% else %}you{% endif %}",
            "{# said to nobody #}{%- if name -%}{% endif %}",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_at_its_line() {
        for (text, line) in [
            ("{{ other }}", 1),
            ("a\n\n{{ name.len }}", 3),
            ("{{ name[0] }}", 1),
            ("{{ name ~ name }}", 1),
            ("{{ 'x' * 1000000 }}", 1),
            ("{{ range(10) }}", 1),
            ("{{ name | replace('a', 'b') }}", 1),
            ("{{ link | upper }}", 1),
            ("{{ self }}", 1),
            ("a\n{% for x in name %}{% endfor %}", 2),
            ("{% set x = name %}", 1),
            ("{% include 'x' %}", 1),
            ("{% raw %}{{ name }}{% endraw %}", 1),
            ("{% if name == 'x' %}{% endif %}", 1),
            ("{% if name and link %}{% endif %}", 1),
            ("{{ '{{' }}", 1),
            ("{{ name", 1),
            ("{# {{ name }}\n\n{% if", 1),
            ("{{\n name }}\n{{ x }}", 3),
        ] {
            let said = fault(text).unwrap_or_else(|| panic!("{text}"));
            assert!(said.starts_with(&format!("line {line}: ")), "{text}: {said}");
        }
    }

    #[test]
    fn nothing_of_the_text_is_quoted() {
        for text in ["{{ zebra }}", "{% zebra %}", "{{ name | zebra }}", "{{ zebra.x }}", "{% if zebra %}"] {
            assert!(!fault(text).unwrap().contains("zebra"), "{text}");
        }
    }
}

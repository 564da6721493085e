//! Words with places for values: checked when they are stored, rendered by minijinja when they are sent.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use super::kind::{Channel, NoticeKind, Purpose, Shape, Variable};
use super::tags::{self, Fault};
use crate::value::{one_line, prose};

/// Characters of a subject; a longer one, as by a long name in it, is cut.
pub(crate) const SUBJECT: usize = 200;

fn cut(line: &str) -> String {
    match line.char_indices().nth(SUBJECT - 1) {
        Some((end, _)) if line.chars().count() > SUBJECT => format!("{}…", line.get(..end).unwrap_or_default()),
        _ => line.to_owned(),
    }
}
/// Characters of a letter, as it is written and as it is sent.
pub(crate) const LETTER: usize = 10_000;
/// Characters of a text message: some ten of those that a telephone is charged for.
pub(crate) const MESSAGE: usize = 1_000;

/// Values by the names of their variables.
pub(crate) type Values = BTreeMap<String, String>;

/// Words of a notice, in one language and for one channel.
#[derive(Clone, Debug)]
pub(crate) struct Wording {
    /// Of a letter; a text message has none.
    pub(crate) subject: Option<String>,
    /// The text.
    pub(crate) body: String,
}

/// A notice that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Of a letter, one line.
    pub(crate) subject: Option<String>,
    /// The text.
    pub(crate) body: String,
}

/// What is wrong, and in which of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WordingFault {
    Subject(Fault),
    Body(Fault),
}

impl Wording {
    /// Checks that these words can be sent, whatever the values will be.
    pub(crate) fn check(&self, kind: &NoticeKind, channel: Channel) -> Result<(), WordingFault> {
        let variables: Vec<&Variable> = kind.variables().collect();
        if let Some(subject) = &self.subject {
            // What is to be read, or opened, by one person only does not belong where every list of letters shows it.
            let lines: Vec<&Variable> = variables.iter().copied().filter(|v| v.shape == Shape::Line).collect();
            tags::check(subject, &lines).map_err(WordingFault::Subject)?;
        }
        tags::check(&self.body, &variables).map_err(WordingFault::Body)?;
        if kind.purpose == Purpose::Security {
            no_links(self.subject.as_deref().unwrap_or_default()).map_err(WordingFault::Subject)?;
            no_links(&self.body).map_err(WordingFault::Body)?;
        }
        self.render(kind, channel, &examples(kind)).map(drop)
    }

    /// Puts values in their places. Values are no templates: whatever they hold is said as it stands.
    pub(crate) fn render(
        &self,
        kind: &NoticeKind,
        channel: Channel,
        values: &Values,
    ) -> Result<Rendered, WordingFault> {
        let values: Values =
            kind.variables().filter_map(|v| Some((v.name.to_owned(), clean(kind, v, values.get(v.name)?)))).collect();
        let subject = match &self.subject {
            Some(subject) => {
                let line = one_line(&put(subject, &values).map_err(WordingFault::Subject)?);
                Some(cut(&line))
            }
            None => None,
        };
        let most = if channel == Channel::Sms { MESSAGE } else { LETTER };
        let body = put(&self.body, &values).and_then(|body| bounded(&body, most)).map_err(WordingFault::Body)?;
        for link in kind.variables().filter(|variable| variable.shape == Shape::Link) {
            let link_value = values.get(link.name).map(String::as_str).unwrap_or_default();
            stands_alone(&body, link, link_value).map_err(WordingFault::Body)?;
        }
        Ok(Rendered { subject, body })
    }
}

/// What a preview shows, and what words are tried with before they are stored.
pub(crate) fn examples(kind: &NoticeKind) -> Values {
    kind.variables().map(|variable| (variable.name.to_owned(), variable.example.to_owned())).collect()
}

/// A value as its variable can hold it, whoever named it.
fn clean(kind: &NoticeKind, variable: &Variable, value: &str) -> String {
    let value: String = match variable.shape {
        Shape::Line => one_line(value).chars().take(300).collect(),
        Shape::Prose => prose(value).chars().take(4_000).collect(),
        Shape::Link => return value.to_owned(),
    };
    // A name that is an address would be a link beside ours.
    if kind.purpose == Purpose::Security { value.replace("://", ": ") } else { value }
}

/// Letters that open accounts have no links but the one that the platform made.
fn no_links(text: &str) -> Result<(), Fault> {
    for (n, line) in text.lines().enumerate() {
        let line = line.to_lowercase();
        if ["://", "www.", "#token", "mailto:"].iter().any(|mark| line.contains(mark)) {
            let words = "a text about access to an account has no links but {{ link }}";
            return Err(Fault { line: Some(n + 1), words: words.to_owned() });
        }
    }
    Ok(())
}

/// Nothing may stand before or behind a link that would make it lead elsewhere.
fn stands_alone(body: &str, link: &Variable, value: &str) -> Result<(), Fault> {
    let missing = || Fault::whole(format!("the text must have {{{{ {} }}}}, whatever its conditions", link.name));
    if value.is_empty() || !body.contains(value) {
        return Err(missing());
    }
    let free = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let alone = body.match_indices(value).all(|(at, _)| {
        let (before, behind) = body.split_at(at);
        free(before.chars().next_back()) && free(behind.get(value.len()..).and_then(|rest| rest.chars().next()))
    });
    if alone {
        Ok(())
    } else {
        Err(Fault::whole(format!("{{{{ {} }}}} needs blanks or line breaks around it", link.name)))
    }
}

fn bounded(text: &str, most: usize) -> Result<String, Fault> {
    if text.chars().count() > most {
        Err(Fault::whole(format!("at most {most} characters")))
    } else {
        Ok(text.to_owned())
    }
}

/// Steps of one rendering: far more than a text of the longest kind has.
const FUEL: u64 = 50_000;

/// Nothing but the filters that texts may use: no functions, no tests, no other templates, and nothing undefined.
static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(40);
    engine.add_filter("capitalize", minijinja::filters::capitalize);
    engine.add_filter("lower", minijinja::filters::lower);
    engine.add_filter("title", minijinja::filters::title);
    engine.add_filter("upper", minijinja::filters::upper);
    engine
});

fn put(text: &str, values: &Values) -> Result<String, Fault> {
    // A line break at the end belongs to the text.
    let written = ENGINE.template_from_str(text).and_then(|template| template.render(values));
    let mut written = written.map_err(|error| fault(&error))?;
    if text.ends_with('\n') && !written.ends_with('\n') {
        written.push('\n');
    }
    Ok(written)
}

/// minijinja's own words may quote the text.
fn fault(error: &Error) -> Fault {
    use minijinja::ErrorKind;
    let words = match error.kind() {
        ErrorKind::SyntaxError => "the tags do not fit together: each {% if %} needs its {% endif %}",
        ErrorKind::UndefinedError => "a value is missing",
        ErrorKind::OutOfFuel => "the text has too many tags",
        _ => "it cannot be rendered",
    };
    Fault { line: error.line(), words: words.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::kind::DefaultText;
    use super::*;

    const INVITE: NoticeKind = NoticeKind {
        name: "invite",
        title: "Invite",
        purpose: Purpose::Security,
        of_organization: true,
        variables: &[Variable::link("link", "The link."), Variable::line("by", "By whom.", "Ada")],
        defaults: &[DefaultText::email("en", "Hello", "{{ link }}")],
    };

    fn wording(body: &str) -> Wording {
        Wording { subject: Some("From {{ organization }}".to_owned()), body: body.to_owned() }
    }

    fn values(organization: &str, by: &str) -> Values {
        let link = "https://app.example.com/x#token=1";
        [("organization", organization), ("by", by), ("link", link)].map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    }

    #[test]
    fn values_are_said_and_never_rendered() {
        let words = wording("{{ by | upper }} invites you:\n\n{{ link }}\n");
        let hostile = values("{{ link }}\r\nBcc: eve@example.com", "{% for x in y %}https://evil.example/{{ link }}");
        let Rendered { subject, body } = words.render(&INVITE, Channel::Email, &hostile).unwrap();
        assert_eq!(subject.unwrap(), "From {{ link }} Bcc: eve@example.com");
        assert_eq!(
            body,
            "{% FOR X IN Y %}HTTPS: EVIL.EXAMPLE/{{ LINK }} invites you:\n\nhttps://app.example.com/x#token=1\n"
        );
    }

    #[test]
    fn a_link_is_there_alone_and_untouched() {
        for (body, fits) in [
            ("{{ link }}", true),
            ("go to\n{{ link }}\nnow, or {{ link }} again", true),
            ("no link", false),
            ("evil.example/?{{ link }}", false),
            ("{{ link }}.evil.example", false),
            ("{{ by }}{{ link }}", false),
            ("{{ link }} or https://evil.example", false),
            ("{{ link }} or WWW.evil.example", false),
            ("{% if not by %}{{ link }}{% endif %}", false),
            ("{% if by %}\n{{ link }}\n{% endif %}", true),
        ] {
            assert_eq!(wording(body).check(&INVITE, Channel::Email).is_ok(), fits, "{body}");
        }
        // Words whose condition holds for the example only are refused when they are sent.
        let words = wording("{% if by %}\n{{ link }}\n{% endif %}");
        assert!(words.render(&INVITE, Channel::Email, &values("Acme", "")).is_err());
        let subject = Wording { subject: Some("{{ link }}".to_owned()), body: "{{ link }}".to_owned() };
        assert!(matches!(subject.check(&INVITE, Channel::Email), Err(WordingFault::Subject(_))));
    }

    #[test]
    fn faults_have_a_line_and_words_of_ours() {
        let Err(WordingFault::Body(fault)) = wording("{{ link }}\n{% if by %}\nzebra").check(&INVITE, Channel::Email)
        else {
            panic!("it has no endif");
        };
        assert!(fault.words.contains("endif") && fault.line.is_some() && !fault.words.contains("zebra"), "{fault}");
    }
}

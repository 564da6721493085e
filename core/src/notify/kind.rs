//! Kinds of notices: declared by core and by modules, with what their texts can say and how they read by default.

use crate::choice;

/// A kind of notice, as a module declares it in [`Module::notices`](crate::module::Module::notices).
///
/// ```
/// use tenantry_core::notify::{DefaultText, NoticeKind, Purpose, Variable};
///
/// pub const CHAIR_READY: NoticeKind = NoticeKind {
///     name: "chair-ready",
///     title: "A chair is ready",
///     purpose: Purpose::Transactional,
///     of_organization: true,
///     variables: &[Variable::line("chair", "Which chair.", "Lounge chair 7")],
///     defaults: &[
///         DefaultText::email("en", "Your chair is ready", "Hello,\n\n{{ chair }} is ready.\n\n{{ organization }}\n"),
///         DefaultText::sms("en", "{{ organization }}: {{ chair }} is ready."),
///     ],
/// };
/// ```
#[derive(Debug)]
pub struct NoticeKind {
    /// Lower case, digits and hyphens; unique in the whole platform.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Why it is sent, which decides whether and when it may be.
    pub purpose: Purpose,
    /// Whether an organization sends it and may choose its words; otherwise the platform itself does, with those below.
    pub of_organization: bool,
    /// What its texts can say. Those of an organization can also say `organization`, its name.
    pub variables: &'static [Variable],
    /// How it reads where nobody chose other words: in English at least for each channel that it has.
    pub defaults: &'static [DefaultText],
}

choice! {
    /// Why a notice is sent.
    pub enum Purpose {
        /// It is about access to an account: sent at once, and its link is ours alone.
        Security = "security",
        /// It belongs to something that is under way with the recipient.
        Transactional = "transactional",
        /// It advertises. Only with consent, and each letter has a way to withdraw it.
        Marketing = "marketing",
    }
}

impl Purpose {
    /// Whether a notice may be sent after what was said about its address; nothing was where there is none.
    pub(crate) fn allows(self, said: Option<bool>) -> bool {
        match (self, said) {
            (Self::Security, _) | (Self::Transactional, None) | (_, Some(true)) => true,
            (Self::Marketing, None) | (_, Some(false)) => false,
        }
    }
}

choice! {
    /// How a notice is sent.
    pub enum Channel {
        /// As a letter.
        Email = "email",
        /// As a text message.
        Sms = "sms",
    }
}

/// Something that a text can say.
#[derive(Debug)]
pub struct Variable {
    /// How a text names it: `{{ name }}`.
    pub name: &'static str,
    /// What it is, for whoever writes a text.
    pub meaning: &'static str,
    /// What a preview shows.
    pub example: &'static str,
    /// What it may hold.
    pub shape: Shape,
}

/// What a variable may hold. Values are cut and cleaned accordingly, whoever named them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line of up to 300 characters.
    Line,
    /// Several lines, up to 4,000 characters.
    Prose,
    /// A link that the platform made. A text must have it, and nothing may touch it.
    Link,
}

impl Variable {
    /// The name of the organization, which all its texts can say.
    pub(crate) const ORGANIZATION: Self = Self::line("organization", "The organization's name.", "Acme");

    /// A variable of one line, such as a name.
    pub const fn line(name: &'static str, meaning: &'static str, example: &'static str) -> Self {
        Self { name, meaning, example, shape: Shape::Line }
    }

    /// A variable of several lines.
    pub const fn prose(name: &'static str, meaning: &'static str, example: &'static str) -> Self {
        Self { name, meaning, example, shape: Shape::Prose }
    }

    /// A link that the platform makes.
    pub const fn link(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, example: "https://app.example.com/page#token=tnv_example", shape: Shape::Link }
    }
}

/// How a kind of notice reads by default, in one language.
#[derive(Debug)]
pub struct DefaultText {
    /// How it is sent.
    pub channel: Channel,
    /// The language: `en`, `de`, …
    pub language: &'static str,
    /// The subject of a letter; a text message has none.
    pub subject: Option<&'static str>,
    /// The text.
    pub body: &'static str,
}

impl DefaultText {
    /// A letter.
    pub const fn email(language: &'static str, subject: &'static str, body: &'static str) -> Self {
        Self { channel: Channel::Email, language, subject: Some(subject), body }
    }

    /// A text message.
    pub const fn sms(language: &'static str, body: &'static str) -> Self {
        Self { channel: Channel::Sms, language, subject: None, body }
    }
}

/// The language in which every kind of notice has a text.
pub(crate) const LAST_LANGUAGE: &str = "en";

impl NoticeKind {
    /// All that its texts can say.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        const ORGANIZATION: &Variable = &Variable::ORGANIZATION;
        self.of_organization.then_some(ORGANIZATION).into_iter().chain(self.variables)
    }

    /// Whether it can be sent so.
    pub(crate) fn has(&self, channel: Channel) -> bool {
        self.defaults.iter().any(|text| text.channel == channel)
    }

    /// The default text of a channel in a language.
    pub(crate) fn default_text(&self, channel: Channel, language: &str) -> Option<&'static DefaultText> {
        self.defaults.iter().find(|text| text.channel == channel && text.language == language)
    }
}

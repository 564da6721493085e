//! Templates: the words that an organization chose for a kind of notice, by channel and language.

mod api;
pub(super) mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::TemplatesApi;

use super::chosen::{Chosen, Own, Source};
use super::kind::{Channel, NoticeKind, Purpose, Shape, Variable};
use super::wording::{Rendered, Wording};
use crate::http::Versioned;
use crate::row;
use crate::value::{Locale, Prose, Text};

/// A kind of notice, and in which words there is one.
#[derive(Debug, Serialize, Object)]
pub struct KindAnswer {
    /// Its name.
    pub kind: String,
    /// For people.
    pub title: String,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What its texts can say.
    pub variables: Vec<VariableAnswer>,
    /// The texts that there are. Where a language has none, another one stands in.
    pub texts: Vec<TextRef>,
}

/// Something that a text can say.
#[derive(Debug, Serialize, Object)]
pub struct VariableAnswer {
    /// As a text names it: `{{ name }}`.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// What a preview shows.
    pub example: String,
    /// Whether each text must have it, by itself and whatever its conditions.
    pub required: bool,
}

impl From<&Variable> for VariableAnswer {
    fn from(variable: &Variable) -> Self {
        let Variable { name, meaning, example, shape } = *variable;
        let [name, meaning, example] = [name, meaning, example].map(str::to_owned);
        Self { name, meaning, example, required: shape == Shape::Link }
    }
}

/// A text that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Object)]
pub struct TextRef {
    /// How it is sent.
    pub channel: Channel,
    /// Its language.
    pub language: String,
    /// Whose it is.
    pub source: Source,
}

/// All kinds of notices of an organization.
#[derive(Debug, Serialize, Object)]
pub struct KindList {
    /// By name.
    pub items: Vec<KindAnswer>,
}

/// The words that hold for a channel and a language.
#[derive(Debug, Serialize, Object)]
pub struct Template {
    /// The kind of notice.
    pub kind: String,
    /// How it is sent.
    pub channel: Channel,
    /// The language of the words: another one than was asked for where it stands in.
    pub language: Locale,
    /// Whose they are.
    pub source: Source,
    /// The subject of a letter; null for text messages.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// When they were last changed; null where they are the default ones.
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

impl Versioned for Template {
    /// 0 where nothing is stored.
    fn version(&self) -> i64 {
        self.version
    }
}

/// The same as an organization has stored it.
pub struct StoredTemplate {
    kind: String,
    channel: Channel,
    language: Locale,
    subject: Option<String>,
    body: String,
    updated_at: OffsetDateTime,
    version: i64,
}
row!(StoredTemplate { kind, channel, language, subject, body, updated_at, version });

impl From<StoredTemplate> for Template {
    fn from(stored: StoredTemplate) -> Self {
        let StoredTemplate { kind, channel, language, subject, body, updated_at, version } = stored;
        Self {
            kind,
            channel,
            language,
            source: Source::Organization,
            subject,
            body,
            updated_at: Some(updated_at),
            version,
        }
    }
}

impl From<&StoredTemplate> for Own {
    fn from(stored: &StoredTemplate) -> Self {
        let StoredTemplate { language, subject, body, .. } = stored;
        Self { language: language.clone(), wording: Wording { subject: subject.clone(), body: body.clone() } }
    }
}

impl Template {
    fn of_default(kind: &NoticeKind, channel: Channel, chosen: Chosen) -> Self {
        let Chosen { language, source, wording: Wording { subject, body } } = chosen;
        Self { kind: kind.name.to_owned(), channel, language, source, subject, body, updated_at: None, version: 0 }
    }
}

/// Words to store. They can say `{{ name }}` for each variable of the kind, `{{ name | upper }}` (also `lower`, `title`,
/// `capitalize`), and `{% if name %} … {% else %} … {% endif %}`.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// The subject: of letters, and of nothing else.
    subject: Option<Text<200>>,
    /// The text; of a text message up to 1,000 characters.
    body: Prose<10_000>,
}

/// What to preview: the words given, or else those that hold, with the values given, or else examples.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// A subject in the place of the one that holds.
    subject: Option<Text<200>>,
    /// A text in the place of the one that holds.
    body: Option<Prose<10_000>>,
    /// Values in the place of examples; up to 50.
    variables: Option<Vec<DraftValue>>,
}

/// A value for a preview.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct DraftValue {
    /// The variable.
    name: Text<60>,
    /// What it says.
    value: Prose<4_000>,
}

/// A notice as its recipient would see it.
#[derive(Debug, Serialize, Object)]
pub struct Preview {
    /// The subject of a letter; null for a text message.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// How many characters the text has.
    pub characters: u64,
}

impl From<Rendered> for Preview {
    fn from(rendered: Rendered) -> Self {
        let Rendered { subject, body } = rendered;
        Self { characters: body.chars().count() as u64, subject, body }
    }
}

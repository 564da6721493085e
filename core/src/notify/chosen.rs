//! Which words a notice is said in: the organization's, or else the default ones, in the language that fits best.

use poem_openapi::Enum;
use serde::Serialize;

use super::kind::{Channel, LAST_LANGUAGE, NoticeKind};
use super::wording::Wording;
use crate::value::Locale;

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Source {
    /// The organization's own.
    Organization,
    /// Those that the kind has by default.
    Default,
}

/// Words that an organization has stored.
pub(crate) struct Own {
    pub(crate) language: Locale,
    pub(crate) wording: Wording,
}

/// Words that were chosen.
pub(crate) struct Chosen {
    pub(crate) language: Locale,
    pub(crate) source: Source,
    pub(crate) wording: Wording,
}

/// The organization's in the language wanted, the organization's in its own language, the default ones in the language wanted,
/// the default ones in English. A language stands in for what is spoken somewhere: `de` for `de-AT`.
pub(crate) fn choose(
    kind: &NoticeKind,
    channel: Channel,
    wanted: &Locale,
    own_language: &Locale,
    own: Vec<Own>,
) -> Option<Chosen> {
    let spellings = [wanted.canonical(), wanted.primary(), own_language.canonical(), own_language.primary()];
    let found = spellings.iter().find_map(|language| own.iter().position(|own| own.language == *language));
    match found.and_then(|at| own.into_iter().nth(at)) {
        Some(Own { language, wording }) => Some(Chosen { language, source: Source::Organization, wording }),
        None => default_words(kind, channel, wanted),
    }
}

/// The default words in a language, or in English. None where the kind is not sent by this channel.
pub(crate) fn default_words(kind: &NoticeKind, channel: Channel, wanted: &Locale) -> Option<Chosen> {
    let spellings = [wanted.canonical(), wanted.primary()];
    let languages = spellings.iter().map(Locale::as_str).chain([LAST_LANGUAGE]);
    let text = languages.filter_map(|language| kind.default_text(channel, language)).next()?;
    let wording = Wording { subject: text.subject.map(str::to_owned), body: text.body.to_owned() };
    Some(Chosen { language: Locale::parse(text.language).ok()?, source: Source::Default, wording })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::kind::{DefaultText, Purpose};
    use super::*;

    const KIND: NoticeKind = NoticeKind {
        name: "chair-ready",
        title: "A chair is ready",
        purpose: Purpose::Transactional,
        of_organization: true,
        variables: &[],
        defaults: &[DefaultText::sms("en", "default en"), DefaultText::sms("de", "default de")],
    };

    #[test]
    fn languages_fall_back_in_this_order() {
        let locale = |text: &str| Locale::parse(text).unwrap();
        let said = |wanted: &str, own_language: &str, own: &[&str]| {
            let own = own.iter().map(|language| Own {
                language: locale(language),
                wording: Wording { subject: None, body: format!("own {language}") },
            });
            let chosen = choose(&KIND, Channel::Sms, &locale(wanted), &locale(own_language), own.collect());
            chosen.unwrap().wording.body
        };
        assert_eq!(said("de-at", "fr", &["fr", "de", "de-AT"]), "own de-AT");
        assert_eq!(said("de-AT", "fr", &["fr", "de"]), "own de");
        assert_eq!(said("de", "fr-CH", &["fr", "it"]), "own fr");
        assert_eq!(said("de-AT", "fr", &["it"]), "default de");
        assert_eq!(said("hu", "de", &[]), "default en");
        assert!(choose(&KIND, Channel::Email, &locale("en"), &locale("en"), Vec::new()).is_none());
    }
}

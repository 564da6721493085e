//! Delivering: whether a notice may go out at this moment, in which words, and to whom it is handed over.

use std::time::Duration;

use time::OffsetDateTime;

use super::chosen::{self, Chosen, Own};
use super::consents::store as consents;
use super::kind::{Channel, NoticeKind, Purpose, Variable};
use super::notice::Message;
use super::settings::{NotificationSettings, store as settings};
use super::templates::store as templates;
use super::wording::{Rendered, Values, WordingFault};
use super::{quiet, store, unsubscribe};
use crate::events::Job;
use crate::mail::{Failure, Letter, Parcel};
use crate::platform::Platform;
use crate::sms::TextMessage;
use crate::tenancy::TenantId;
use crate::value::{Clock, Locale};
use crate::worker::TenantWork;

/// Delivers what stands in the outbox: a notice of the organization whose work it is, or of the platform itself.
pub(crate) async fn deliver(platform: &Platform, job: &Job, work: Option<&TenantWork>) -> Result<(), Failure> {
    let message: Message = platform.outbox().open(job).map_err(|error| Failure::never(error.to_string()))?;
    let found = platform.modules().notices().find(|(_, kind)| kind.name == message.kind);
    let (_, kind) = found.ok_or_else(|| Failure::never("nobody here knows this kind of notice"))?;
    let notice = Delivery { platform, job, kind, message };
    match work {
        Some(_) if !kind.of_organization => Err(Failure::never("it is no organization's to send")),
        Some(work) => notice.of_organization(work).await,
        None => notice.of_platform().await,
    }
}

struct Delivery<'a> {
    platform: &'a Platform,
    job: &'a Job,
    kind: &'static NoticeKind,
    message: Message,
}

/// Why a notice is not sent, as its log has it.
const BOUNCED: &str = "letters to this address have come back";
const COMPLAINED: &str = "the recipient has complained";
const NO_CONSENT: &str = "the recipient has not consented";
const WITHDRAWN: &str = "the recipient wants none";

impl Delivery<'_> {
    /// In the default words, in the language that the person has chosen.
    async fn of_platform(self) -> Result<(), Failure> {
        if let Some(reason) = self.is_suppressed().await? {
            tracing::info!(id = %self.job.id, reason, "a letter is not sent");
            return Ok(());
        }
        let language = self.platform.db().run(store::language_of(self.message.to.clone())).await?;
        let language = language.unwrap_or_else(Locale::english);
        let words = self.default_words(&language, &self.message.values)?;
        let reference = self.job.id.to_string();
        self.hand_over(words, None, None, reference).await
    }

    async fn of_organization(mut self, work: &TenantWork) -> Result<(), Failure> {
        let (settings, own, said) = self.look(work).await?;
        let tenant = work.tenant();
        if let Some(reason) = self.is_refused(said).or(self.is_suppressed().await?) {
            return Ok(self.platform.db().run(store::suppress(tenant, self.job.id, reason)).await?);
        }
        self.wait_for(&settings)?;
        let name = self.platform.db().run(store::name_of(tenant)).await?;
        self.message.values.insert(Variable::ORGANIZATION.name.to_owned(), name);
        let wanted = self.message.language.as_deref().and_then(|language| Locale::parse(language).ok());
        let wanted = wanted.unwrap_or_else(|| settings.language.clone());
        let words = self.words(&wanted, &settings.language, own)?;
        let sender = settings.sender_name.filter(|_| self.kind.purpose != Purpose::Security);
        let token =
            self.advertises().then(|| self.platform.unsubscribing().token(tenant, &self.message.to)).transpose();
        let token = token.map_err(|_| Failure::later("there is no randomness"))?;
        let reference = format!("{}.{}", self.job.id, tenant.as_uuid().simple());
        self.hand_over(words, sender.map(|name| name.to_string()), token, reference).await
    }

    /// What the organization has set, written and been told, all of one moment.
    async fn look(&self, work: &TenantWork) -> Result<(NotificationSettings, Vec<Own>, Option<bool>), Failure> {
        let Message { channel, to, .. } = &self.message;
        let looked = work.transaction(async |tx| {
            let settings = tx.run(settings::find()).await?;
            let own = tx.run(templates::of_kind(self.kind.name, *channel)).await?;
            let said = match self.kind.purpose {
                Purpose::Security => None,
                purpose => tx.run(consents::said(to.clone(), purpose)).await?,
            };
            Ok((settings, own.iter().map(Own::from).collect(), said))
        });
        Ok(looked.await?)
    }

    fn is_refused(&self, said: Option<bool>) -> Option<&'static str> {
        let words = if said.is_none() { NO_CONSENT } else { WITHDRAWN };
        (!self.kind.purpose.allows(said)).then_some(words)
    }

    /// Whether the platform sends nothing to this address: it has no mailbox, or whoever reads it wants no letters of ours.
    /// Who complained still gets back into an account.
    async fn is_suppressed(&self) -> Result<Option<&'static str>, Failure> {
        let hash = self.platform.suppressing().hash(&self.message.to);
        let kind = self.platform.db().run(store::suppressed(hash)).await?;
        Ok(match (kind.as_deref(), self.kind.purpose) {
            (Some("hard"), _) => Some(BOUNCED),
            (Some(_), purpose) if purpose != Purpose::Security => Some(COMPLAINED),
            _ => None,
        })
    }

    fn wait_for(&self, settings: &NotificationSettings) -> Result<(), Failure> {
        let hours = settings.quiet_hours.filter(|_| self.kind.purpose != Purpose::Security);
        let now = OffsetDateTime::now_utc();
        // A zone that is not known any more holds nothing up.
        let end = hours.zip(Clock::of(&settings.time_zone)).and_then(|(hours, clock)| quiet::end(hours, &clock, now));
        match end.map(|end| Duration::try_from(end - now)) {
            // A moment after it, whichever clock is a little fast.
            Some(Ok(wait)) => Err(Failure::NotYet(wait + Duration::from_secs(1))),
            _ => Ok(()),
        }
    }

    /// The words that fit best. Words of the organization that cannot be rendered hold nothing up: the default ones can.
    fn words(&self, wanted: &Locale, own_language: &Locale, own: Vec<Own>) -> Result<(Rendered, Locale), Failure> {
        let Message { channel, values, .. } = &self.message;
        let chosen = chosen::choose(self.kind, *channel, wanted, own_language, own);
        let Chosen { language, wording, source } = chosen.ok_or_else(|| Failure::never("it is not sent this way"))?;
        match wording.render(self.kind, *channel, values) {
            Ok(rendered) => Ok((rendered, language)),
            Err(WordingFault::Subject(fault) | WordingFault::Body(fault)) if source == chosen::Source::Organization => {
                tracing::warn!(kind = self.kind.name, %fault, "an organization's words cannot be rendered");
                self.default_words(wanted, values)
            }
            Err(_) => Err(Failure::never("its values do not fit its kind")),
        }
    }

    fn default_words(&self, wanted: &Locale, values: &Values) -> Result<(Rendered, Locale), Failure> {
        let chosen = chosen::default_words(self.kind, self.message.channel, wanted);
        let Chosen { language, wording, .. } = chosen.ok_or_else(|| Failure::never("it is not sent this way"))?;
        let rendered = wording.render(self.kind, self.message.channel, values);
        rendered.map(|rendered| (rendered, language)).map_err(|_| Failure::never("its values do not fit its kind"))
    }

    fn advertises(&self) -> bool {
        self.kind.purpose == Purpose::Marketing && self.message.channel == Channel::Email
    }

    async fn hand_over(
        self,
        (rendered, language): (Rendered, Locale),
        sender: Option<String>,
        unsubscribe: Option<String>,
        reference: String,
    ) -> Result<(), Failure> {
        let Rendered { subject, mut body } = rendered;
        let to = self.message.to;
        if self.message.channel == Channel::Sms {
            let from = sender.unwrap_or_else(|| self.platform.config().mail.sender_name());
            return self.platform.sms().send(self.job.id, TextMessage { to, text: body, from }).await;
        }
        if let Some(token) = &unsubscribe {
            body.push_str(&unsubscribe::footer(&language, &self.platform.mail().link("unsubscribe", token)));
        }
        let unsubscribe = unsubscribe.map(|token| self.platform.unsubscribing().url(&token));
        let letter = Letter { to, subject: subject.unwrap_or_default(), text: body };
        self.platform.mail().send(Parcel { reference, letter, sender, unsubscribe }).await
    }
}

/// The tenant and the notice that a `Message-ID` of ours names.
pub(super) fn referred(message_id: &str) -> Option<(TenantId, uuid::Uuid)> {
    let (reference, _) = message_id.trim().trim_start_matches('<').split_once('@')?;
    let (notice, tenant) = reference.split_once('.')?;
    Some((uuid::Uuid::try_parse(tenant).ok()?.into(), uuid::Uuid::try_parse(notice).ok()?))
}

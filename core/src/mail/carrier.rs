//! Who carries letters: an SMTP relay, or in development a mailbox in memory.

use std::str::FromStr;
use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::mailbox::Mailbox;
use super::{Letter, MailError, Parcel};
use crate::config::MailConfig;
use crate::tenancy::DbError;
use crate::value::one_line;

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// Each step of a delivery may take this long.
const STEP: Duration = Duration::from_secs(8);

pub(super) enum Carrier {
    Smtp { transport: Smtp, from: lettre::message::Mailbox },
    Mailbox(Mailbox),
}

/// Why a letter could not be delivered, in words of ours.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It may work later.
    Later(String),
    /// It will never work.
    Never(String),
    /// It may not be done for so long.
    NotYet(Duration),
}

/// What a worker met in the tenant whose work it did.
impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::TenantInactive => Self::never("the organization is not active"),
            DbError::ModuleDisabled => Self::never("the organization has disabled the module"),
            error => Self::later(error.diagnosis()),
        }
    }
}

impl Failure {
    pub(crate) fn later(reason: impl Into<String>) -> Self {
        Self::Later(reason.into())
    }

    pub(crate) fn never(reason: impl Into<String>) -> Self {
        Self::Never(reason.into())
    }
}

impl Carrier {
    pub(super) fn of(config: &MailConfig) -> Result<Option<Self>, MailError> {
        let Some(smtp) = &config.smtp else {
            return Ok(config.mailbox.then(|| Self::Mailbox(Mailbox::default())));
        };
        let transport = Smtp::from_url(&smtp.0)?.timeout(Some(STEP)).build();
        Ok(Some(Self::Smtp { transport, from: config.from.clone() }))
    }

    pub(super) fn mailbox(&self) -> Option<&Mailbox> {
        match self {
            Self::Mailbox(mailbox) => Some(mailbox),
            Self::Smtp { .. } => None,
        }
    }

    pub(super) async fn deliver(&self, parcel: Parcel) -> Result<(), Failure> {
        match self {
            Self::Mailbox(mailbox) => {
                mailbox.put(parcel);
                Ok(())
            }
            Self::Smtp { transport, from } => {
                let message = compose(from, parcel)?;
                transport.send(message).await.map(drop).map_err(|error| failure(&error))
            }
        }
    }
}

/// The same message, with the same id, at each attempt: a receiver can tell that it has it already.
fn compose(from: &lettre::message::Mailbox, parcel: Parcel) -> Result<Message, Failure> {
    let Parcel { reference, letter: Letter { to, subject, text }, sender, unsubscribe } = parcel;
    let name = sender.map(|name| one_line(&name)).or_else(|| from.name.clone());
    let to: Address = to.parse().map_err(|_| Failure::never("the address is none that mail can be sent to"))?;
    let mut message = Message::builder()
        .from(lettre::message::Mailbox::new(name, from.email.clone()))
        .to(to.into())
        .subject(one_line(&subject))
        .message_id(Some(format!("<{reference}@{}>", from.email.domain())))
        .header(ContentType::TEXT_PLAIN);
    if let Some(url) = unsubscribe {
        message = message.header(ListUnsubscribe(format!("<{url}>"))).header(OneClick);
    }
    message.body(text).map_err(|_| Failure::never("it cannot be written as a message"))
}

/// Where a recipient's mail program can say that no more of the kind shall come (RFC 2369, RFC 8058).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        // An address of ours and a token: ASCII, without blanks, so that nothing of it is to be encoded or folded.
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

/// That one POST is enough.
#[derive(Clone)]
struct OneClick;

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// What the relay says may quote the letter or its address, so only its code is kept.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    match error.status().map(u16::from) {
        // RFC 5321: no such mailbox, or one that takes no such letter. Other refusals are about the relay or about us.
        Some(code @ 550..=554) => Failure::never(format!("the relay refused it: SMTP {code}")),
        Some(code) => Failure::later(format!("the relay could not take it: SMTP {code}")),
        None if error.is_timeout() => Failure::later("the relay took too long"),
        None if error.is_tls() => Failure::later("no secure connection to the relay"),
        None => Failure::later("the relay cannot be reached"),
    }
}

/// The address of an SMTP relay: `smtps://user:password@host`, `smtp://host:587?tls=required`, or `smtp://localhost:1025`
/// without encryption. It holds a password, so it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl FromStr for SmtpUrl {
    type Err = lettre::transport::smtp::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Smtp::from_url(text).map(|_| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

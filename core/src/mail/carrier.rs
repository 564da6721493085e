//! Who carries letters: an SMTP relay, or in development a mailbox in memory.

use std::str::FromStr;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use uuid::Uuid;

use super::mailbox::Mailbox;
use super::{Letter, MailError};
use crate::config::MailConfig;
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

    pub(super) async fn deliver(&self, id: Uuid, letter: Letter) -> Result<(), Failure> {
        match self {
            Self::Mailbox(mailbox) => {
                mailbox.put(letter);
                Ok(())
            }
            Self::Smtp { transport, from } => {
                let message = compose(id, from, letter)?;
                transport.send(message).await.map(drop).map_err(|error| failure(&error))
            }
        }
    }
}

/// The same message, with the same id, at each attempt: a receiver can tell that it has it already.
fn compose(id: Uuid, from: &lettre::message::Mailbox, letter: Letter) -> Result<Message, Failure> {
    let Letter { to, subject, text } = letter;
    let to: Address = to.parse().map_err(|_| Failure::never("the address is none that mail can be sent to"))?;
    Message::builder()
        .from(from.clone())
        .to(to.into())
        .subject(one_line(&subject))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|_| Failure::never("it cannot be written as a message"))
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

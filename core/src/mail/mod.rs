//! Mail: letters that are posted in the transaction of the change they tell of, and delivered by the worker. What is to be
//! said to people is a notice ([`crate::notify`]); a letter is what becomes of it.
//!
//! A letter stands in the outbox sealed, and only until it is delivered. It may arrive twice, never not at all: who
//! waits for a letter can ask for another one, and what a letter allows can be done once.

mod carrier;
mod mailbox;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use carrier::Carrier;
pub(crate) use carrier::Failure;
pub use carrier::SmtpUrl;
pub(crate) use mailbox::show;
pub use mailbox::{Delivered, DeliveredText, Mailbox};

use crate::config::MailConfig;
use crate::events::{Job, Outbox, Topic};
use crate::tenancy::Statement;

/// A letter in plain text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The address of one person.
    pub to: String,
    /// One line; line breaks and other control characters in it become a blank.
    pub subject: String,
    /// The text, up to 16 KiB. What people have named stands in it as one line: see `value::one_line`.
    pub text: String,
}

impl Letter {
    /// The one-time token of the letter's first link, as [`Mail::link`] makes it.
    pub fn token(&self) -> Option<&str> {
        let (_, rest) = self.text.split_once("#token=")?;
        rest.split_whitespace().next()
    }
}

/// It is for one person's eyes.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// A letter with what stands around it.
pub(crate) struct Parcel {
    /// The same at each attempt, and of no other letter.
    pub(crate) reference: String,
    pub(crate) letter: Letter,
    /// The name that it comes from, where it is not the installation's.
    pub(crate) sender: Option<String>,
    /// Where one POST says that no more of the kind shall come.
    pub(crate) unsubscribe: Option<String>,
}

impl Parcel {
    fn plain(id: Uuid, letter: Letter) -> Self {
        Self { reference: id.to_string(), letter, sender: None, unsubscribe: None }
    }
}

/// Posts letters, and delivers them.
pub struct Mail {
    outbox: Outbox,
    app_url: String,
    carrier: Option<Carrier>,
}

/// Why there can be no mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The relay.
    #[error("the relay of TENANTRY_SMTP_URL cannot be used")]
    Smtp(#[from] lettre::transport::smtp::Error),
}

impl Mail {
    /// Mail by the relay that the configuration names, or into a mailbox of development.
    ///
    /// # Errors
    /// See [`MailError`].
    pub(crate) fn new(outbox: Outbox, config: &MailConfig) -> Result<Self, MailError> {
        let app_url = config.app_url.trim_end_matches('/').to_owned();
        Ok(Self { outbox, app_url, carrier: Carrier::of(config)? })
    }

    /// Posts a letter: it is sent if and only if the transaction commits.
    pub fn post(&self, letter: Letter) -> Statement<()> {
        self.post_all([letter])
    }

    /// Posts several letters with one statement.
    pub fn post_all(&self, letters: impl IntoIterator<Item = Letter>) -> Statement<()> {
        self.outbox.publish(Topic::Mail, letters)
    }

    /// The address of a page of the front end that takes a one-time token. Made from the configuration, so that nobody
    /// who forges a request's Host can have a letter point elsewhere. The token stands behind `#`: browsers send that
    /// part to no server, so it is in no log and no Referer.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.app_url)
    }

    /// Whether letters leave the outbox at all.
    pub fn delivers(&self) -> bool {
        self.carrier.is_some()
    }

    /// The mailbox of development, where letters go to it.
    pub fn mailbox(&self) -> Option<&Mailbox> {
        self.carrier.as_ref().and_then(Carrier::mailbox)
    }

    /// Delivers a letter out of the outbox.
    pub(crate) async fn deliver(&self, job: &Job) -> Result<(), Failure> {
        let letter = self.outbox.open(job).map_err(|error| Failure::never(error.to_string()))?;
        self.send(Parcel::plain(job.id, letter)).await
    }

    /// Sends a letter now.
    pub(crate) async fn send(&self, parcel: Parcel) -> Result<(), Failure> {
        match &self.carrier {
            Some(carrier) => carrier.deliver(parcel).await,
            None => Err(Failure::later("no relay is configured")),
        }
    }
}

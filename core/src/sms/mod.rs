//! Text messages: a provider that takes them, or in development the mailbox in memory.

mod http;

use futures_util::future::BoxFuture;
use serde::Serialize;
use uuid::Uuid;

use self::http::HttpProvider;
use crate::config::SmsConfig;
use crate::mail::{Failure, Mailbox};

/// A text message to one person.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TextMessage {
    /// `+` and digits.
    pub to: String,
    /// The text.
    pub text: String,
    /// The name that it comes from, where the provider takes one.
    pub from: String,
}

/// It is for one person's eyes.
impl std::fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TextMessage(…)")
    }
}

/// Who takes text messages and sends them.
pub(crate) trait Provider: Send + Sync {
    /// Hands a message over. `id` is the same at each attempt, so that a provider that heeds it sends it once.
    fn send<'a>(&'a self, id: Uuid, message: TextMessage) -> BoxFuture<'a, Result<(), Failure>>;
}

impl Provider for Mailbox {
    fn send<'a>(&'a self, _: Uuid, message: TextMessage) -> BoxFuture<'a, Result<(), Failure>> {
        self.put_text(message);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Sends text messages, where there is a provider.
pub(crate) struct Sms {
    provider: Option<Box<dyn Provider>>,
}

/// Why there can be no text messages.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// The provider.
    #[error("no client for the provider of TENANTRY_SMS_URL can be made")]
    Client(#[from] reqwest::Error),
}

impl Sms {
    /// By the provider that the configuration names, or into a mailbox of development.
    pub(crate) fn new(config: &SmsConfig, mailbox: Option<&Mailbox>) -> Result<Self, SmsError> {
        let provider: Option<Box<dyn Provider>> = match (&config.provider, mailbox) {
            (Some(provider), _) => Some(Box::new(HttpProvider::new(provider.clone())?)),
            (None, Some(mailbox)) => Some(Box::new(mailbox.clone())),
            (None, None) => None,
        };
        Ok(Self { provider })
    }

    /// Whether text messages leave the outbox at all.
    pub(crate) fn delivers(&self) -> bool {
        self.provider.is_some()
    }

    /// Hands a message over.
    pub(crate) async fn send(&self, id: Uuid, message: TextMessage) -> Result<(), Failure> {
        match &self.provider {
            Some(provider) => provider.send(id, message).await,
            None => Err(Failure::later("no provider of text messages is configured")),
        }
    }
}

//! A notice to send, and posting it: written in the transaction of the change it tells of, so that it is sent if and only if
//! that commits.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::destination::Destination;
use super::kind::{Channel, NoticeKind};
use super::wording::Values;
use crate::events::{Outbox, Topic};
use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};
use crate::value::Locale;

/// A notice of a kind, to one person.
///
/// ```ignore
/// let notice = Notice::new(&CHAIR_READY, (&email).into()).with("chair", "Lounge chair 7");
/// caller.transaction(async |tx| { tx.run(store::mend(id)).await?; Ok(tx.run(caller.notify().post(notice)).await?) }).await
/// ```
#[must_use = "a notice is sent by posting it"]
pub struct Notice {
    kind: &'static NoticeKind,
    to: Destination,
    language: Option<Locale>,
    values: Values,
}

impl Notice {
    /// A notice that says nothing of its own yet.
    pub fn new(kind: &'static NoticeKind, to: Destination) -> Self {
        Self { kind, to, language: None, values: Values::new() }
    }

    /// The language that the recipient reads; the organization's where nothing is said.
    pub fn in_language(mut self, language: Locale) -> Self {
        self.language = Some(language.canonical());
        self
    }

    /// The address or number that it goes to.
    pub(crate) fn recipient(&self) -> &str {
        self.to.as_str()
    }

    /// What a variable of the kind says. Each needs a value, which may be empty; what breaks lines, or is too long, is
    /// cut where it is put into a text.
    pub fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        // More than any text says.
        let value: String = value.into().chars().take(4_000).collect();
        self.values.insert(variable.to_owned(), value);
        self
    }
}

/// A notice as it waits in the outbox, sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) kind: String,
    pub(crate) channel: Channel,
    pub(crate) to: String,
    pub(crate) language: Option<String>,
    pub(crate) values: Values,
}

impl From<Notice> for Message {
    fn from(notice: Notice) -> Self {
        let Notice { kind, to, language, values } = notice;
        let language = language.map(|language| language.as_str().to_owned());
        Self { kind: kind.name.to_owned(), channel: to.channel(), to: to.as_str().to_owned(), language, values }
    }
}

/// Posts notices.
#[derive(Clone)]
pub struct Notify {
    outbox: Outbox,
}

impl Notify {
    pub(crate) fn new(outbox: Outbox) -> Self {
        Self { outbox }
    }

    /// Posts a notice of an organization, in a transaction inside of it.
    pub fn post(&self, notice: Notice) -> Statement<()> {
        self.post_all([notice])
    }

    /// Posts a notice under an id, unless there was one with it: for what may be done twice, which is to be told once. Whoever
    /// posts under the same id at the same time must wait for each other, as by a lock on what it is about.
    pub(crate) fn post_once(&self, id: Uuid, notice: Notice) -> Statement<()> {
        let message = Message::from(notice);
        statement(sql!(
            "INSERT INTO notices (id, kind, channel, recipient, language, payload) SELECT $1, $2, $3, $4, $5, $6 ",
            "WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.id = $1)"
        ))
        .bind(id)
        .bind(message.kind.clone())
        .bind(message.channel)
        .bind(message.to.clone())
        .bind(message.language.clone())
        .bind(self.outbox.sealed(id, &message))
        .done()
    }

    /// Posts several notices with one statement.
    pub fn post_all(&self, notices: impl IntoIterator<Item = Notice>) -> Statement<()> {
        let rows = statement(sql!(
            "INSERT INTO notices (id, kind, channel, recipient, language, payload) ",
            "SELECT id, kind, channel, recipient, language, payload FROM unnest($1::uuid[], $2::text[], $3::text[], ",
            "$4::text[], $5::text[], $6::bytea[]) AS n (id, kind, channel, recipient, language, payload)"
        ));
        self.bind(rows, notices)
    }

    /// Posts notices of an organization in a transaction on the schema `platform`.
    pub(crate) fn post_for(&self, tenant: TenantId, notices: impl IntoIterator<Item = Notice>) -> Statement<()> {
        self.bind(statement(sql!("SELECT post_notices($1, $2, $3, $4, $5, $6, $7)")).bind(tenant), notices)
    }

    /// Posts a notice of the platform itself, in a transaction on its schema.
    pub(crate) fn post_own(&self, notice: Notice) -> Statement<()> {
        self.outbox.publish(Topic::Notice, [Message::from(notice)])
    }

    fn bind(&self, start: crate::tenancy::Query, notices: impl IntoIterator<Item = Notice>) -> Statement<()> {
        let (mut ids, mut payloads) = (Vec::new(), Vec::new());
        let (mut kinds, mut channels, mut recipients, mut languages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for message in notices.into_iter().map(Message::from) {
            let id = Uuid::now_v7();
            ids.push(id);
            payloads.push(self.outbox.sealed(id, &message));
            kinds.push(message.kind);
            channels.push(message.channel);
            recipients.push(message.to);
            languages.push(message.language);
        }
        start.bind(ids).bind(kinds).bind(channels).bind(recipients).bind(languages).bind(payloads).done()
    }
}

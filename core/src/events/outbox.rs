//! The outbox: the table of what is to be done once a transaction has committed.

use std::time::Duration;

use bytes::BytesMut;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::config::Seal;
use crate::identity::AccountRequest;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};

/// Where messages are published: it seals them on their way to the database.
#[derive(Clone)]
pub(crate) struct Outbox {
    seal: Seal,
}

impl Outbox {
    pub(crate) fn new(seal: Seal) -> Self {
        Self { seal }
    }

    /// Writes messages: in the caller's transaction, so that they are sent if and only if it commits.
    pub(crate) fn publish<T: Serialize>(&self, topic: Topic, messages: impl IntoIterator<Item = T>) -> Statement<()> {
        let messages: Vec<Sealed> = messages.into_iter().map(|message| self.sealed(Uuid::now_v7(), &message)).collect();
        let ids: Vec<Uuid> = messages.iter().map(|message| message.id).collect();
        statement(sql!(
            "INSERT INTO outbox (id, topic, payload) ",
            "SELECT m.id, $1, m.payload FROM unnest($2::uuid[], $3::bytea[]) AS m (id, payload)"
        ))
        .bind(topic.as_str())
        .bind(ids)
        .bind(messages)
        .done()
    }

    /// A message on its way to the row of this id, by whichever statement.
    pub(crate) fn sealed(&self, id: Uuid, message: &impl Serialize) -> Sealed {
        // A message is a few texts; those can always be written.
        Sealed { id, seal: self.seal.clone(), payload: serde_json::to_vec(message).unwrap_or_default() }
    }

    /// Writes down what was asked for, to be done by the worker.
    pub(crate) fn ask(&self, request: &AccountRequest) -> Statement<()> {
        self.publish(Topic::Account, [request])
    }

    /// A message in clear.
    pub(crate) fn open<T: DeserializeOwned>(&self, job: &Job) -> Result<T, Unreadable> {
        let sealed = job.payload.as_deref().unwrap_or_default();
        let clear = self.seal.open(job.id.as_bytes(), sealed).map_err(|_| Unreadable::Sealed)?;
        serde_json::from_slice(&clear).map_err(|_| Unreadable::Unknown)
    }
}

/// Why a message cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it was sealed with another secret")]
    Sealed,
    #[error("it is not what its topic says")]
    Unknown,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Deliver a letter.
    Mail,
    /// Do what somebody has asked for who is known by an e-mail address only.
    Account,
    /// Say something to somebody, by letter.
    Notice,
    /// The same by text message.
    Text,
    /// Tell what a rule has run for.
    Rule,
    /// Tell whoever has to do a task.
    Reminder,
    /// Make records of a file's rows.
    Import,
}

impl Topic {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Account => "account",
            Self::Notice => "notice",
            Self::Text => "text",
            Self::Rule => "rule",
            Self::Reminder => "reminder",
            Self::Import => "import",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Mail, Self::Account, Self::Notice, Self::Text, Self::Rule, Self::Reminder, Self::Import];
        all.into_iter().find(|topic| topic.as_str() == name)
    }
}

/// A piece of work that a worker has claimed.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    /// Proves that it is still ours, and lets us into the tenant.
    pub(crate) claim: Uuid,
    pub(crate) tenant_id: Option<TenantId>,
    /// Which login serves that tenant.
    pub(crate) shard: Option<i16>,
    pub(crate) topic: String,
    /// This attempt's number.
    pub(crate) attempts: i16,
    /// Sealed; the id once more where that says all, and none of a job that came up by time.
    pub(crate) payload: Option<Vec<u8>>,
}
row!(Job { id, claim, tenant_id, shard, topic, attempts, payload });

/// Takes up to `limit` messages of these topics that are due, in their turn, and of none of the `busy` tenants. Each is this
/// worker's for the time of the lease; then it is due again.
pub(crate) fn claim(limit: i64, lease: Duration, topics: Vec<String>, busy: Vec<TenantId>) -> Statement<Vec<Job>> {
    statement(sql!(
        "WITH due AS (SELECT id FROM outbox WHERE dead_at IS NULL AND due_at <= now() AND topic = ANY ($3) ",
        "AND (tenant_id IS NULL OR tenant_id <> ALL ($4)) ORDER BY turn LIMIT $1 FOR UPDATE SKIP LOCKED), ",
        "taken AS (UPDATE outbox o SET attempts = o.attempts + 1, due_at = now() + make_interval(secs => $2), ",
        "claim = gen_random_uuid() FROM due WHERE o.id = due.id ",
        "RETURNING o.id, o.claim, o.tenant_id, o.topic, o.attempts, o.payload) ",
        "SELECT k.id, k.claim, k.tenant_id, t.shard, k.topic, k.attempts, k.payload ",
        "FROM taken k LEFT JOIN tenants t ON t.id = k.tenant_id"
    ))
    .bind(limit)
    .bind(lease.as_secs_f64())
    .bind(topics)
    .bind(busy)
    .many()
}

/// What became of a message.
pub(crate) enum Fate {
    /// It is done, and forgotten.
    Done,
    /// It waits for its next attempt.
    Later(Duration, String),
    /// It is not time for it yet. That was no attempt.
    NotYet(Duration),
    /// It is a dead letter: nobody tries again, until somebody says so.
    Dead(String),
}

/// Notes what became of messages. Whoever lost the claim in between changes nothing.
pub(crate) fn settle(fates: Vec<(Uuid, Fate)>) -> Statement<()> {
    let (mut done, mut kept, mut waits, mut reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut tried = Vec::new();
    for (claim, fate) in fates {
        let is_attempt = !matches!(fate, Fate::NotYet(_));
        let (wait, reason) = match fate {
            Fate::Done => {
                done.push(claim);
                continue;
            }
            Fate::Later(wait, reason) => (Some(wait.as_secs_f64()), Some(reason)),
            Fate::NotYet(wait) => (Some(wait.as_secs_f64()), None),
            Fate::Dead(reason) => (None, Some(reason)),
        };
        kept.push(claim);
        tried.push(is_attempt);
        waits.push(wait);
        reasons.push(reason);
    }
    statement(sql!(
        "WITH done AS (DELETE FROM outbox WHERE claim = ANY ($1) AND dead_at IS NULL) ",
        "UPDATE outbox o SET claim = NULL, reason = left(k.reason, 200), ",
        "attempts = o.attempts - (NOT k.tried)::int, dead_at = CASE WHEN k.wait IS NULL THEN now() END, ",
        "due_at = coalesce(now() + make_interval(secs => k.wait), o.due_at), ",
        "turn = coalesce(now() + make_interval(secs => k.wait), o.turn) ",
        "FROM unnest($2::uuid[], $3::float8[], $4::text[], $5::bool[]) AS k (claim, wait, reason, tried) ",
        "WHERE o.claim = k.claim AND o.dead_at IS NULL"
    ))
    .bind(done)
    .bind(kept)
    .bind(waits)
    .bind(reasons)
    .bind(tried)
    .done()
}

/// Whether anything is still to be done; what may not be done for hours is none.
#[cfg(feature = "testing")]
pub(crate) fn waiting() -> Statement<bool> {
    statement(sql!("SELECT 1 FROM outbox WHERE dead_at IS NULL AND due_at < now() + interval '1 hour' LIMIT 1")).any()
}

/// Buries what nobody could deliver in three days, and forgets the dead after thirty.
pub(crate) fn sweep() -> Statement<()> {
    statement(sql!(
        "WITH forgotten AS (DELETE FROM outbox WHERE dead_at < now() - interval '30 days') ",
        "UPDATE outbox SET dead_at = now(), reason = 'nobody could deliver it in three days' ",
        "WHERE dead_at IS NULL AND created_at < now() - interval '3 days'"
    ))
    .done()
}

/// A payload that is in clear only until it is on its way to the database.
pub(crate) struct Sealed {
    id: Uuid,
    seal: Seal,
    payload: Vec<u8>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl ToSql for Sealed {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.seal.close(self.id.as_bytes(), &self.payload)?.to_sql(ty, out)
    }

    fn accepts(ty: &Type) -> bool {
        <Vec<u8> as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

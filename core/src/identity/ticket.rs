//! Tickets: what a browser shows in an address where it can set no header, once and at once.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use time::OffsetDateTime;

use super::Claims;
use super::auth::account::hash_of;
use crate::sql;
use crate::tenancy::{Statement, statement};

/// A new ticket: 256 random bits. An address stands in logs and histories, so it is of no use after it was used.
pub(crate) struct Ticket {
    pub(crate) text: String,
}

impl Ticket {
    pub(crate) fn new() -> Self {
        // Of a generator that is fit for secrets, seeded by the system.
        let secret: [u8; 32] = rand::random();
        Self { text: format!("tnt_{}", BASE64_URL_SAFE_NO_PAD.encode(secret)) }
    }

    /// Stores it for who asks, and forgets those that are over, and all but the newest of the same session.
    pub(crate) fn issue(&self, claims: &Claims) -> Statement<OffsetDateTime> {
        // Claims are a few words and numbers; those can always be written.
        let said = serde_json::to_value(claims).unwrap_or_default();
        let made = statement(sql!(
            "WITH old AS (SELECT t.hash FROM tickets t WHERE t.expires_at <= now() OR t.hash IN (",
            "SELECT o.hash FROM tickets o WHERE o.session_id = $2 ORDER BY o.expires_at DESC OFFSET 31) ",
            "FOR UPDATE SKIP LOCKED), forgotten AS (DELETE FROM tickets f USING old WHERE f.hash = old.hash) ",
            "INSERT INTO tickets (hash, session_id, claims) VALUES ($1, $2, $3) RETURNING expires_at"
        ));
        made.bind(hash_of(&self.text)).bind(claims.session).bind(said).one::<(OffsetDateTime,)>().map(|(at,)| at)
    }
}

/// Uses a ticket up, and tells what the token said with which it was asked for. Of many that show it at once, one is let in.
pub(crate) fn redeem(ticket: &str) -> Statement<Option<Claims>> {
    let used = statement(sql!("DELETE FROM tickets WHERE hash = $1 AND expires_at > now() RETURNING claims"));
    let claims = used.bind(hash_of(ticket)).optional::<(Value,)>();
    claims.map(|found| serde_json::from_value(found?.0).ok())
}

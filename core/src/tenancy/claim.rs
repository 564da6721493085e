//! The claim on a key: what lets a change be made once, in the transaction that makes it.
//!
//! The table `idempotency` stands in every tenant's schema and in `platform`, so the same statements serve both: the
//! path says which is meant. A lock that ends with the transaction says that a request is under way, so a crash leaves
//! none; the row, which commits with the change, says that it was made.

use super::sql::Sql;
use super::statement::{Query, Statement};
use crate::row;

/// What a key is stored under: a hash that holds the tenant and who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ClaimId(pub(crate) [u8; 32]);

impl ClaimId {
    /// The lock's number. Where two ids share it, by a chance of one in 2^64, one of the two has to come again.
    fn lock(self) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// The answer to the request that had the key.
pub(crate) struct Kept {
    pub(crate) fingerprint: Vec<u8>,
    pub(crate) answer: Vec<u8>,
}
row!(Kept { fingerprint, answer });

/// Fails with a division by zero, as the seal does, where somebody has the lock or the key was used: what stands behind
/// it in the flight then fails too. It waits for nobody.
///
/// Its view of the table may be older than the lock that it gets; then the row refuses to be written twice.
const CLAIM: &str = "SELECT 1 / (pg_try_advisory_xact_lock($1) AND NOT EXISTS (SELECT 1 FROM idempotency \
     WHERE id = $2 AND created_at > now() - interval '24 hours'))::int";

/// Fails likewise where the key was used in the meantime. A few rows that are over go with each new one, so that a
/// table holds little more than what one day brings; what an idle tenant keeps goes at night.
const KEEP: &str = "WITH swept AS (DELETE FROM idempotency WHERE id IN (SELECT id FROM idempotency \
     WHERE created_at <= now() - interval '24 hours' AND id <> $1 ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED)), \
     kept AS (INSERT INTO idempotency AS i (id, fingerprint, answer) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE \
     SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at \
     WHERE i.created_at <= now() - interval '24 hours' RETURNING 1) SELECT 1 / count(*) FROM kept";

const FIND: &str = "SELECT fingerprint, answer FROM idempotency \
     WHERE id = $1 AND created_at > now() - interval '24 hours'";

const FORGET: &str = "DELETE FROM idempotency WHERE created_at <= now() - interval '24 hours'";

// These name locks, which `Fragment` refuses to everybody else.
fn trusted(text: &'static str) -> Query {
    Query::new(Sql::trusted(text), Vec::new())
}

/// Goes on only if nobody has used the key or is using it.
pub(crate) fn claim(id: ClaimId) -> Statement<()> {
    trusted(CLAIM).bind(id.lock()).bind(id.0.to_vec()).done()
}

/// Writes the answer down.
pub(crate) fn keep(id: ClaimId, kept: Kept) -> Statement<()> {
    trusted(KEEP).bind(id.0.to_vec()).bind(kept.fingerprint).bind(kept.answer).done()
}

/// The answer that was written down.
pub(crate) fn find(id: ClaimId) -> Statement<Option<Kept>> {
    trusted(FIND).bind(id.0.to_vec()).optional()
}

/// Forgets the answers that are over, for the tenants where nothing new takes them along.
pub(crate) fn forget() -> Statement<()> {
    trusted(FORGET).done()
}

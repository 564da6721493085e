//! Chains: a progression may wait for another one, which may wait for a third. None waits for itself, however many there are
//! between.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Statement, TenantTx, statement};
use tenantry_core::value::Date;
use tenantry_core::{row, sql};

use super::{Progression, ProgressionId, ProgressionStatus, store};

/// Progressions of a chain at most.
const MOST: usize = 100;

/// What a progression waits for.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct DependOn {
    /// The progression that has to be completed for this one to be; null where it waits for none.
    pub(super) progression_id: Option<ProgressionId>,
}

/// A progression in its chain.
#[derive(Debug, Serialize, Object)]
pub struct ChainLink {
    /// The progression.
    pub id: ProgressionId,
    /// The one that it waits for; null at the beginning of the chain.
    pub depends_on_id: Option<ProgressionId>,
    /// Where it stands.
    pub status: ProgressionStatus,
    /// When it should be completed.
    pub target_completion_on: Option<Date>,
    /// How many come before it: 0 for the one that all others wait for.
    pub place: i32,
}
row!(ChainLink { id, depends_on_id, status, target_completion_on, place });

/// A whole chain, up to 100 progressions: first the one that all others wait for, then those that wait for it, and so on.
#[derive(Debug, Serialize, Object)]
pub struct Chain {
    /// The progressions.
    pub items: Vec<ChainLink>,
}

/// Has a progression wait for another one, or for none.
///
/// All that go on are locked first, in one order for everybody. So of two who would close a circle from both ends the second sees,
/// with its next statement, what the first has done.
pub(super) async fn link(tx: &mut TenantTx, id: ProgressionId, on: Option<ProgressionId>) -> ApiResult<Progression> {
    tx.run(lock_all()).await?;
    let own = tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)?;
    own.goes_on()?;
    let Some(on) = on else { return Ok(tx.run(store::set_depends_on(id, None)).await?) };
    let missing = || ApiError::not_found().at("/progression_id", "there is no such record");
    tx.run(store::find(on)).await?.ok_or_else(missing)?.goes_on()?;
    if tx.run(waits_for(on, id)).await? {
        let detail =
            "That one waits for this one already, directly or through others. Neither could be completed first.";
        return Err(ApiError::conflict("chain_cycle", detail));
    }
    let linked = tx.run(store::set_depends_on(id, Some(on))).await?;
    if tx.run(of(id)).await?.len() > MOST {
        return Err(ApiError::conflict("chain_too_long", "A chain has at most 100 progressions."));
    }
    Ok(linked)
}

fn lock_all() -> Statement<()> {
    statement(sql!("SELECT id FROM progressions WHERE status = 'running' ORDER BY id FOR UPDATE")).done()
}

/// Whether a progression is another one, or waits for it through any number of others.
fn waits_for(one: ProgressionId, other: ProgressionId) -> Statement<bool> {
    statement(sql!(
        "WITH RECURSIVE up AS (SELECT p.id, p.depends_on_id FROM progressions p WHERE p.id = $1 ",
        "UNION SELECT p.id, p.depends_on_id FROM progressions p JOIN up u ON p.id = u.depends_on_id) ",
        "SELECT 1 FROM up WHERE id = $2"
    ))
    .bind(one)
    .bind(other)
    .any()
}

/// The chain of a progression in its order; one more than there may be tells that it is too long.
pub(super) fn of(id: ProgressionId) -> Statement<Vec<ChainLink>> {
    statement(sql!(
        "WITH RECURSIVE up AS (SELECT p.id, p.depends_on_id FROM progressions p WHERE p.id = $1 ",
        "UNION SELECT p.id, p.depends_on_id FROM progressions p JOIN up u ON p.id = u.depends_on_id), ",
        "down AS (SELECT u.id, 0 AS place FROM up u WHERE u.depends_on_id IS NULL ",
        "UNION ALL SELECT p.id, d.place + 1 FROM progressions p JOIN down d ON p.depends_on_id = d.id WHERE d.place <= 100) ",
        "SELECT p.id, p.depends_on_id, p.status, p.target_completion_on, d.place FROM down d JOIN progressions p ON p.id = d.id ",
        "ORDER BY d.place, p.id LIMIT $2"
    ))
    .bind(id)
    .bind(i64::try_from(MOST + 1).unwrap_or(i64::MAX))
    .many()
}

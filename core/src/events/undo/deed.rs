//! One request taken back at once, whole or not at all, by an operation that knows what the request was.
//!
//! What it may do is asked by that operation: all that the request did is taken back, whatever kinds of records it reached.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::ground::Ground;
use super::{NewUndo, UndoId, apply, preview, relations, store};
use crate::http::{ApiError, ApiResult, Caller};
use crate::tenancy::{DbError, TenantTx};
use crate::value::Moment;

/// What one request did.
pub(crate) struct Deed {
    /// Who made the request.
    pub(crate) user_id: Uuid,
    /// When its transaction began.
    pub(crate) at: OffsetDateTime,
    /// Its `X-Request-Id`.
    pub(crate) request_id: Option<Uuid>,
}

/// Takes a deed back in the transaction, and tells how many records that were. `refused` says what it means where the database
/// has the last word.
pub(crate) async fn undo_deed(
    tx: &mut TenantTx,
    caller: &Caller,
    ground: &Ground,
    deed: Deed,
    refused: impl FnOnce(DbError) -> Result<ApiError, DbError>,
) -> ApiResult<i64> {
    let Deed { user_id, at, request_id } = deed;
    let (from, until) = (Moment::known(at), Moment::known(at + Duration::MICROSECOND));
    let new = NewUndo { user_id: user_id.into(), from, until, resources: None, records: None, request_id };
    let id = UndoId::new();
    tx.run(store::insert_applied(id, caller.user(), &new)).await?;
    tx.run(preview::plan(id, &new, ground.names())).await?;
    for mark in relations::marks(id, ground.tables()) {
        tx.run(mark.statement).await?;
    }
    apply::lock(tx, id, ground.tables()).await?;
    let newer = tx.run(apply::changed_since(id)).await?;
    let mut conflicts = if newer.is_empty() { tx.run(apply::conflicts(id)).await? } else { newer };
    if !conflicts.is_empty() {
        // The deed may have reached records of kinds that the caller does not see.
        let seen = ground.seen();
        conflicts.retain(|(resource, _)| seen.contains(&resource.as_str()));
        let detail = "Records have changed since, so nothing was done. Set those back first, or undo the rest by `POST /undos` \
                      with the request's id.";
        return Err(apply::naming(ApiError::conflict("undo_conflicts", detail), conflicts, "has changed since"));
    }
    let in_the_end = |error| refused(error).unwrap_or_else(apply::refused);
    apply::carry_out(tx, caller, id, ground.tables(), in_the_end).await
}

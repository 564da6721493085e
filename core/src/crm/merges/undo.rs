//! Taking a merge back: an undo of the one request, whatever it has reached.

use time::OffsetDateTime;
use uuid::Uuid;

use super::work::allowed;
use super::{MergeResource, Unmerged};
use crate::events::audit::EntryId;
use crate::events::trash::TRASH_DAYS;
use crate::events::{Deed, Ground, undo_deed};
use crate::http::{ApiError, ApiResult, Caller};
use crate::tenancy::{Bygone, DbError, Guards, Reach, Statement, TenantTx, bygone, statement};
use crate::{row, sql};

/// A record that was merged into another one.
struct Merged {
    at: OffsetDateTime,
    resource: MergeResource,
    record: String,
    user_id: Uuid,
    request_id: Option<Uuid>,
    /// By an undo of the merge.
    is_undone: bool,
    /// Anyhow.
    is_back: bool,
}
row!(@read Merged {
    at,
    resource,
    record,
    user_id,
    request_id,
    is_undone = "EXISTS (SELECT 1 FROM journal AS c WHERE c.record = journal.record AND c.resource = journal.resource \
        AND c.number > journal.number AND c.change = 'created' AND c.operation = 'merges_undo')",
    is_back = "EXISTS (SELECT 1 FROM journal AS c WHERE c.record = journal.record AND c.resource = journal.resource \
        AND c.number > journal.number AND c.change = 'created')"
});
impl Bygone for Merged {}

/// Takes a merge back in the transaction. The records have to be in reach, the kept one too.
pub(super) async fn undo(tx: &mut TenantTx, caller: &Caller, ground: &Ground, id: EntryId) -> ApiResult<Unmerged> {
    let merged = tx.run(find(caller.reach(), ground, id)).await?.ok_or_else(ApiError::not_found)?;
    let kind = merged.resource.kind();
    let table = allowed(caller, ground, kind)?;
    let all = tx.run(records(&merged)).await?;
    let kept: Vec<Uuid> = all.iter().filter(|(_, change)| change == "updated").map(|(id, _)| *id).collect();
    let gone = all.iter().filter(|(_, change)| change == "deleted").count();
    if tx.run((kind.rows)(caller.reach(), kept.clone())).await?.len() < kept.len() {
        return Err(ApiError::not_found());
    }
    // Of several that were merged each has to have been in reach.
    if tx.run(reached(caller.reach(), ground, &merged)).await?.len() < gone {
        return Err(ApiError::not_found());
    }
    if merged.is_undone {
        return Err(is_undone());
    }
    if merged.is_back {
        return Err(ApiError::conflict(
            "merged_record_back",
            "The merged record has come back by itself, such as out of the trash, so the merge cannot be taken back as a whole. \
             What it had referring to it stays with the kept record: change by hand what is to go back.",
        ));
    }
    let Merged { at, resource, record, user_id, request_id, .. } = merged;
    let name = table.table.as_str();
    let refused = |error| match &error {
        DbError::Conflict { constraint, kind: Guards::Unique } if constraint.strip_suffix("_pkey") == Some(name) => {
            Ok(is_undone())
        }
        _ => Err(error),
    };
    let restored = undo_deed(tx, caller, ground, Deed { user_id, at, request_id }, refused).await?;
    Ok(Unmerged { resource: resource.as_str().to_owned(), record, restored })
}

fn is_undone() -> ApiError {
    ApiError::conflict("merge_undone", "This merge is undone already: the merged record is back.")
}

fn find(reach: Reach, ground: &Ground, id: EntryId) -> Statement<Option<Merged>> {
    let found = bygone(reach, &ground.owned(), TRASH_DAYS)
        .filter(sql!("id = $1"), Some(id))
        .filter(sql!("operation = $1"), Some("merges_create"))
        .filter(
            sql!("resource = ANY ($1)"),
            Some(vec![MergeResource::Contacts.as_str(), MergeResource::Companies.as_str()]),
        );
    found.first(sql!("ORDER BY id"), 1).map(|mut found| found.pop())
}

/// Those of the merged records that the caller reached.
fn reached(reach: Reach, ground: &Ground, merged: &Merged) -> Statement<Vec<Merged>> {
    bygone(reach, &ground.owned(), TRASH_DAYS)
        .filter(sql!("at = $1"), Some(merged.at))
        .filter(sql!("request_id = $1"), merged.request_id)
        .filter(sql!("resource = $1"), Some(merged.resource.as_str()))
        .first(sql!("ORDER BY number"), 100)
}

/// What the merge did to records of its own kind.
fn records(merged: &Merged) -> Statement<Vec<(Uuid, String)>> {
    statement(sql!(
        "SELECT DISTINCT record::uuid, change FROM journal WHERE at = $1 AND request_id IS NOT DISTINCT FROM $2 AND resource = $3"
    ))
    .bind(merged.at)
    .bind(merged.request_id)
    .bind(merged.resource.as_str())
    .many()
}

//! Whether a member reaches a record, for those who may know of the record themselves.

use uuid::Uuid;

use super::explain::RecordId;
use crate::http::{ApiError, ApiResult, Can};
use crate::identity::MembersRead;
use crate::identity::teams::share_one;
use crate::permission::RecordScope;
use crate::tenancy::OwnedResource;

/// Whether a role of this scope reaches a record, in the hands of a member.
///
/// What the caller does not reach, or may not read at all, is answered as what does not exist.
pub(super) async fn reaches(
    caller: &Can<MembersRead>,
    owned: Option<&OwnedResource>,
    record: RecordId,
    member: Uuid,
    scope: RecordScope,
) -> ApiResult<bool> {
    let owned = owned.ok_or_else(|| {
        ApiError::invalid().at("/record_id", "the action is not on records that have owners; leave the record out")
    })?;
    let unknown = || ApiError::not_found().at("/record_id", "there is no such record");
    let mut permissions = caller.modules().permissions();
    if !permissions.any(|info| owned.is_of(info.name) && !info.writes && caller.allows(info)) {
        return Err(unknown());
    }
    let (owner,) = caller.read(owned.owner(caller.reach(), record.as_uuid())).await?.ok_or_else(unknown)?;
    let Some(owner) = owner else { return Ok(scope.reaches(false, false)) };
    let share_a_team =
        scope == RecordScope::Team && caller.admit().await?.run(share_one(caller.tenant(), member, owner)).await?;
    Ok(scope.reaches(owner == member, share_a_team))
}

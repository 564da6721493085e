//! What whoever imports may do, at the moment that rows become records.

use uuid::Uuid;

use super::Import;
use crate::permission::{HeldRole, RecordScope, RoleKey};
use crate::row;
use crate::sql;
use crate::tenancy::{DbError, Reach, Statement, TenantId, statement};
use crate::worker::TenantWork;

struct Held {
    role: RoleKey,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
}
row!(Held { role, permissions, scope });

/// What the importer reaches; none where they may not import such records any more.
///
/// Whose role is for the records of a team is asked for their own alone: work in an organization knows no teams.
pub(super) async fn reach(work: &TenantWork, import: &Import) -> Result<Option<Reach>, DbError> {
    let Some(person) = import.owner_id.map(crate::identity::UserId::as_uuid) else { return Ok(None) };
    let Some(held) = work.platform().db().run(held(work.tenant(), person)).await? else { return Ok(None) };
    let role = HeldRole::stored(held.role, held.permissions, held.scope);
    if !role.verdict(import.resource.permission()).is_allowed() {
        return Ok(None);
    }
    let scope = if role.scope == RecordScope::All { RecordScope::All } else { RecordScope::Own };
    Ok(Some(Reach::new(scope, Some(person))))
}

fn held(tenant: TenantId, person: Uuid) -> Statement<Option<Held>> {
    statement(sql!(
        "SELECT m.role, c.permissions, c.scope FROM memberships m ",
        "LEFT JOIN custom_roles c ON c.tenant_id = m.tenant_id AND c.key = m.role WHERE m.tenant_id = $1 AND m.user_id = $2"
    ))
    .bind(tenant)
    .bind(person)
    .optional()
}

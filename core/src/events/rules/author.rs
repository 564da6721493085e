//! By what right a rule acts: its author's, as it is at this moment.

use uuid::Uuid;

use super::check::needs;
use super::{Rule, RuleDisabledReason};
use crate::events::EventSource;
use crate::module::Modules;
use crate::permission::{HeldRole, RecordScope, RoleKey};
use crate::platform::Platform;
use crate::row;
use crate::sql;
use crate::tenancy::{DbError, Statement, TenantId, statement};

/// What a rule's author may do, in the organization as it is.
pub(super) struct Author {
    role: Option<HeldRole>,
    /// Those that the organization has enabled.
    modules: Vec<String>,
}

/// What the database has of it.
struct Stored {
    role: Option<RoleKey>,
    permissions: Option<Vec<String>>,
    scope: Option<RecordScope>,
    modules: Vec<String>,
}
row!(Stored { role, permissions, scope, modules });

impl Author {
    /// Asks for it.
    pub(super) async fn of(rule: &Rule, tenant: TenantId, platform: &Platform) -> Result<Self, DbError> {
        let Stored { role, permissions, scope, modules } = platform.db().run(stored(tenant, rule.author_id)).await?;
        Ok(Self { role: role.map(|role| HeldRole::stored(role, permissions, scope)), modules })
    }

    /// Why the rule must not run; none where it may.
    pub(super) fn lacks(&self, rule: &Rule, modules: &Modules) -> Option<RuleDisabledReason> {
        let Some(role) = &self.role else { return Some(RuleDisabledReason::AuthorLeft) };
        let may = needs(&rule.events, &rule.actions, modules).into_iter().all(|need| role.verdict(need).is_allowed());
        (!may).then_some(RuleDisabledReason::AuthorLacksPermission)
    }

    /// Whether the organization has the module of these records.
    pub(super) fn has(&self, source: &EventSource, modules: &Modules) -> bool {
        modules.gate(source.read.module).is_none_or(|gate| self.modules.iter().any(|module| module == gate))
    }
}

fn stored(tenant: TenantId, user: Uuid) -> Statement<Stored> {
    statement(sql!(
        "SELECT m.role, c.permissions, c.scope, array(SELECT o.module FROM tenant_modules o ",
        "WHERE o.tenant_id = a.tenant_id AND o.enabled) ",
        "FROM (VALUES ($1::uuid, $2::uuid)) AS a (tenant_id, user_id) ",
        "LEFT JOIN memberships m ON m.tenant_id = a.tenant_id AND m.user_id = a.user_id ",
        "LEFT JOIN custom_roles c ON c.tenant_id = m.tenant_id AND c.key = m.role"
    ))
    .bind(tenant)
    .bind(user)
    .one()
}

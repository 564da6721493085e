//! Whether an invitation still holds: nobody brings in more than they may give at the moment when somebody joins.

use super::super::InvitationsWrite;
use crate::module::Modules;
use crate::permission::{HeldRole, Permission as _, RecordScope, RoleKey};
use crate::row;
use crate::tenancy::TenantId;

/// What an invitation promises.
pub(super) struct Promise {
    pub(super) tenant: TenantId,
    pub(super) email: String,
    pub(super) rights: Rights,
}

/// What an invitation gives, and what its sender may do by now: none for somebody who is no member any more.
pub(super) struct Rights {
    pub(super) role: RoleKey,
    pub(super) role_permissions: Option<Vec<String>>,
    pub(super) role_scope: Option<RecordScope>,
    pub(super) by_operator: bool,
    pub(super) sender_role: Option<RoleKey>,
    pub(super) sender_permissions: Option<Vec<String>>,
    pub(super) sender_scope: Option<RecordScope>,
}

impl Rights {
    /// Whether the sender could send it again, just as it is.
    pub(super) fn hold(&self, modules: &Modules) -> bool {
        if self.by_operator {
            return true;
        }
        let Some(sender) = self.sender_role else { return false };
        let sender = HeldRole::stored(sender, self.sender_permissions.clone(), self.sender_scope);
        let given = HeldRole::stored(self.role, self.role_permissions.clone(), self.role_scope);
        sender.verdict(&InvitationsWrite::INFO).is_allowed() && sender.covers(&given, modules.permissions())
    }
}

/// A promise as it is stored.
pub(super) struct StoredPromise {
    tenant_id: TenantId,
    email: String,
    role: RoleKey,
    role_permissions: Option<Vec<String>>,
    role_scope: Option<RecordScope>,
    by_operator: bool,
    sender_role: Option<RoleKey>,
    sender_permissions: Option<Vec<String>>,
    sender_scope: Option<RecordScope>,
}
row!(StoredPromise {
    tenant_id,
    email,
    role,
    role_permissions,
    role_scope,
    by_operator,
    sender_role,
    sender_permissions,
    sender_scope
});

impl From<StoredPromise> for Promise {
    fn from(stored: StoredPromise) -> Self {
        let StoredPromise { tenant_id: tenant, email, .. } = stored;
        let rights = Rights {
            role: stored.role,
            role_permissions: stored.role_permissions,
            role_scope: stored.role_scope,
            by_operator: stored.by_operator,
            sender_role: stored.sender_role,
            sender_permissions: stored.sender_permissions,
            sender_scope: stored.sender_scope,
        };
        Self { tenant, email, rights }
    }
}

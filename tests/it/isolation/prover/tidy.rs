//! What a request has changed for the next one, undone.

use super::call::Call;
use super::world::{Tenant, World};

/// Operations after which a caller is nobody.
const ENDS_SESSIONS: [&str; 6] = [
    "auth_logout",
    "auth_logout_all",
    "auth_reset_password",
    "organization_delete",
    "sessions_delete",
    "users_me_password",
];

impl World {
    /// Undoes what a request that succeeded has changed for the next one.
    pub async fn tidy(&self, tenant: &Tenant, call: &Call) {
        if call.operation == "modules_disable" {
            tenant.organization.enable("clinic").await;
        }
        if call.operation == "organization_delete" {
            let undo = "UPDATE platform.tenants SET status = 'active', purge_at = NULL, version = version - 1
                WHERE id = $1";
            self.superuser.execute(undo, &[&tenant.organization.tenant()]).await.expect("a restoration");
        }
        if call.operation == "organization_transfer" {
            let undo = "UPDATE platform.memberships SET role = 'owner' WHERE tenant_id = $1
                AND user_id = (SELECT id FROM platform.users WHERE email = $2)";
            self.superuser.execute(undo, &[&tenant.organization.tenant(), &tenant.email]).await.expect("an owner");
        }
        if ENDS_SESSIONS.contains(&call.operation.as_str()) {
            let again = "UPDATE platform.sessions SET ended_at = NULL";
            self.superuser.execute(again, &[]).await.expect("sessions that go on");
        }
        self.undo(call).await;
        if call.operation == "operator_tenants_delete" {
            let again = "UPDATE platform.tenants SET status = 'active', purge_at = NULL WHERE status = 'deleting'";
            self.superuser.execute(again, &[]).await.expect("a tenant that goes on");
        }
        if call.operation == "operator_logout" {
            let again = "UPDATE platform.operator_sessions SET ended_at = NULL";
            self.superuser.execute(again, &[]).await.expect("a session that goes on");
        }
    }
}

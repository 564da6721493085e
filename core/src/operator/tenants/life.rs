//! The life of a tenant in operators' hands: suspending, resuming, deleting, restoring.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{Reason, Tenant, TenantKey, TenantStatus, store};
use crate::http::{ApiError, ApiResult, Body, Item, Operator};
use crate::module::Tag;
use crate::platform::PlatformTx;
use crate::tenancy::ending::{self, DeletedBy};

/// The lives of tenants, for operators.
#[derive(Default)]
pub struct OperatorLifeApi;

/// What an operator can suspend, resume and delete.
const ALIVE: [TenantStatus; 2] = [TenantStatus::Active, TenantStatus::Suspended];
/// The same, and what is being deleted.
const RESTORABLE: [TenantStatus; 3] = [TenantStatus::Active, TenantStatus::Suspended, TenantStatus::Deleting];

#[OpenApi(tag = "Tag::Operators")]
impl OperatorLifeApi {
    /// Suspend a tenant.
    ///
    /// From the next request on its people are refused; nothing of it is lost. Suspending again changes the reason.
    #[oai(path = "/operator/tenants/:id/suspension", method = "put", operation_id = "operator_tenants_suspend")]
    async fn suspend(&self, caller: Operator, id: Path<TenantKey>, body: Body<Reason>) -> ApiResult<Item<Tenant>> {
        let reason = body.0.reason;
        change(&caller, id.0, &ALIVE, async |tx, _| {
            tx.run(store::set_suspended(id.0, reason.clone())).await?;
            let note = caller.doer().did("tenant.suspended").to(id.0.tenant());
            Ok(tx.run(note.because(reason.to_string()).note()).await?)
        })
        .await
    }

    /// Resume a suspended tenant.
    ///
    /// Its people's sessions are as they were. Resuming one that is active does no harm.
    #[oai(path = "/operator/tenants/:id/suspension", method = "delete", operation_id = "operator_tenants_resume")]
    async fn resume(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Item<Tenant>> {
        change(&caller, id.0, &ALIVE, async |tx, tenant| {
            if tenant.status == TenantStatus::Suspended {
                tx.run(store::set_resumed(id.0)).await?;
                tx.run(caller.doer().did("tenant.resumed").to(id.0.tenant()).note()).await?;
            }
            Ok(())
        })
        .await
    }

    /// Delete a tenant.
    ///
    /// From the next request on nobody works in it, and its sessions are over. For 30 days it can be restored; then it is
    /// gone with all its data. Deleting again does no harm. Its owners cannot restore it, even if one of them deleted it before.
    #[oai(path = "/operator/tenants/:id/deletion", method = "put", operation_id = "operator_tenants_delete")]
    async fn delete(&self, caller: Operator, id: Path<TenantKey>, body: Body<Reason>) -> ApiResult<Item<Tenant>> {
        change(&caller, id.0, &RESTORABLE, async |tx, _| {
            let tenant = id.0.tenant();
            if tx.run(ending::delete(tenant, DeletedBy::Operator)).await? {
                tx.run(ending::end_sessions(tenant)).await?;
                let note = caller.doer().did("tenant.deleted").to(tenant);
                tx.run(note.because(body.0.reason.to_string()).note()).await?;
            }
            Ok(())
        })
        .await
    }

    /// Restore a tenant that is being deleted.
    ///
    /// As it was, suspended where it was suspended; its people sign in again. One that is not being deleted stays as it is.
    #[oai(path = "/operator/tenants/:id/deletion", method = "delete", operation_id = "operator_tenants_restore")]
    async fn restore(&self, caller: Operator, id: Path<TenantKey>) -> ApiResult<Item<Tenant>> {
        change(&caller, id.0, &RESTORABLE, async |tx, _| {
            if tx.run(ending::restore(id.0.tenant())).await? {
                tx.run(caller.doer().did("tenant.restored").to(id.0.tenant()).note()).await?;
            }
            Ok(())
        })
        .await
    }
}

/// Changes a tenant that is where the change can be made, and answers with what it is then.
async fn change<F>(caller: &Operator, id: TenantKey, from: &[TenantStatus], work: F) -> ApiResult<Item<Tenant>>
where
    F: AsyncFnOnce(&PlatformTx<'_>, &Tenant) -> ApiResult<()>,
{
    let changed = caller.transaction(async |tx| {
        let tenant = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
        expect(&tenant, from)?;
        work(tx, &tenant).await?;
        tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)
    });
    changed.await.map(Item)
}

/// Refuses what a tenant's state does not allow.
pub(super) fn expect(tenant: &Tenant, allowed: &[TenantStatus]) -> ApiResult<()> {
    if allowed.contains(&tenant.status) {
        return Ok(());
    }
    let status = tenant.status.as_str();
    Err(ApiError::conflict("tenant_status", format!("This cannot be done to a tenant that is {status}.")))
}

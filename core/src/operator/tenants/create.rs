//! Making tenants for operators, one or up to a hundred.

use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{MadeOutcome, MadeTenant, MadeTenants, NewOperatedTenant, NewOperatedTenants, Tenant, TenantKey, store};
use crate::http::{ApiError, ApiResult, Operator};
use crate::identity::invite_owner;
use crate::tenancy::{DbError, NewTenant, ProvisionError, Refusal};
use crate::value::{Email, Slug};

const SLUG_TAKEN: &str = "slug_taken";
/// Tenants that are made side by side for one request.
const WORKERS: usize = 4;
/// Tenants of one request.
const MOST: usize = 100;
/// Modules of one tenant.
const MOST_MODULES: usize = 50;

/// Makes one.
pub(super) async fn create(caller: &Operator, new: NewOperatedTenant) -> ApiResult<Tenant> {
    let owner = new.owner_email.clone();
    let new = checked(caller, new)?;
    let note = caller.doer().did("tenant.created").to(new.id).with(json!({ "owner_invited": owner.is_some() }));
    let made = caller.platform().tenants().create(&new, async |tx| {
        if let Some(owner) = &owner {
            invite_owner(caller.platform(), tx, new.id, owner).await?;
        }
        tx.run(note.note()).await
    });
    made.await.map_err(explain)?;
    let key = TenantKey::from(new.id);
    caller.run(store::find(key)).await?.ok_or_else(ApiError::not_found)
}

/// Makes many, a transaction each, so that one that is refused is only that one. What is there already under the same
/// short name and name counts as made: who hears nothing sends the same again.
pub(super) async fn create_all(caller: &Operator, new: NewOperatedTenants) -> ApiResult<MadeTenants> {
    if !(1..=MOST).contains(&new.items.len()) {
        return Err(ApiError::invalid().at("/items", format!("expected 1 to {MOST} of them")));
    }
    let work = stream::iter(new.items).map(|new| create_or_find(caller, new));
    Ok(MadeTenants { items: work.buffered(WORKERS).collect().await })
}

async fn create_or_find(caller: &Operator, new: NewOperatedTenant) -> MadeTenant {
    let (name, owner) = (new.name.clone(), new.owner_email.clone());
    let slug = new.slug.clone().or_else(|| Slug::from_name(name.as_str()));
    let refusal = match create(caller, new).await {
        Ok(tenant) => return MadeTenant { outcome: MadeOutcome::Created, tenant: Some(tenant), problem: None },
        Err(refusal) => refusal,
    };
    if let Some(slug) = slug.filter(|_| refusal.code() == SLUG_TAKEN)
        && let Ok(Some(tenant)) = caller.run(store::find_slug(slug)).await
        && tenant.name == name
    {
        return match invite_again(caller, &tenant, owner).await {
            Ok(()) => MadeTenant { outcome: MadeOutcome::Exists, tenant: Some(tenant), problem: None },
            Err(refusal) => refused(&refusal),
        };
    }
    refused(&refusal)
}

fn refused(refusal: &ApiError) -> MadeTenant {
    MadeTenant { outcome: MadeOutcome::Refused, tenant: None, problem: Some(refusal.problem()) }
}

/// Sends the first owner's invitation anew, as long as nobody has joined.
async fn invite_again(caller: &Operator, tenant: &Tenant, owner: Option<Email>) -> ApiResult<()> {
    let Some(owner) = owner else { return Ok(()) };
    caller
        .transaction(async |tx| {
            // Who joins locks the same row.
            tx.run(store::lock(tenant.id)).await?;
            if tx.run(store::has_people(tenant.id)).await? {
                return Ok(());
            }
            invite_owner(caller.platform(), tx, tenant.id.tenant(), &owner).await?;
            Ok(tx.run(caller.doer().did("owner.invited").to(tenant.id.tenant()).note()).await?)
        })
        .await
}

fn checked(caller: &Operator, new: NewOperatedTenant) -> ApiResult<NewTenant> {
    let NewOperatedTenant { name, slug, modules, .. } = new;
    let slug = slug
        .or_else(|| Slug::from_name(name.as_str()))
        .ok_or_else(|| ApiError::invalid().at("/slug", "no short name can be made from the name; choose one"))?;
    let mut new = NewTenant::new(slug, name);
    let modules = modules.unwrap_or_default();
    if modules.len() > MOST_MODULES {
        return Err(ApiError::invalid().at("/modules", format!("at most {MOST_MODULES}")));
    }
    for (n, module) in modules.iter().enumerate() {
        let known = caller.platform().modules().find(module.as_str());
        let known = known.ok_or_else(|| ApiError::invalid().at(format!("/modules/{n}"), "there is no such module"))?;
        new.modules.push(known.name);
    }
    Ok(new)
}

/// The short name stands elsewhere in this body than where an organization is founded.
fn explain(error: ProvisionError) -> ApiError {
    match error {
        ProvisionError::Db(DbError::Refused(Refusal::Taken { code: SLUG_TAKEN, detail, .. })) => {
            Refusal::Taken { pointer: "/slug", code: SLUG_TAKEN, detail }.into()
        }
        other => other.into(),
    }
}

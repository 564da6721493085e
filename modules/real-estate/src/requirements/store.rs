//! The SQL of requirements.

use serde_json::json;
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::ApiResult;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, TenantTx, many, owned};

use super::{NewRequirement, Requirement, RequirementId, RequirementStatus};
use crate::listings::ListingKind;

pub(super) fn list(reach: Reach) -> List<Requirement> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: RequirementId) -> Statement<Option<Requirement>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: RequirementId) -> Statement<Option<Requirement>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: RequirementId, new: NewRequirement) -> Statement<Requirement> {
    let NewRequirement { contact_id, title, kind, price_min, price_max, currency, rooms_min, size_min, types, areas } =
        new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("title"), title)
        .set(sql!("kind"), kind)
        .set(sql!("status"), RequirementStatus::Open)
        .set(sql!("price_min"), price_min)
        .set(sql!("price_max"), price_max)
        .set(sql!("currency"), currency)
        .set(sql!("rooms_min"), rooms_min)
        .set(sql!("size_min"), size_min)
        .set(sql!("types"), types)
        .set(sql!("areas"), areas)
        .insert()
        .refused_by("requirements_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
}

pub(super) fn update(reach: Reach, requirement: Requirement) -> Statement<Requirement> {
    owned(reach)
        .change()
        .set(sql!("title"), requirement.title)
        .set(sql!("kind"), requirement.kind)
        .set(sql!("status"), requirement.status)
        .set(sql!("price_min"), requirement.price_min)
        .set(sql!("price_max"), requirement.price_max)
        .set(sql!("currency"), requirement.currency)
        .set(sql!("rooms_min"), requirement.rooms_min)
        .set(sql!("size_min"), requirement.size_min)
        .set(sql!("types"), requirement.types)
        .set(sql!("areas"), requirement.areas)
        .update(requirement.id)
}

pub(super) fn delete(reach: Reach, id: RequirementId) -> Statement<()> {
    owned::<Requirement>(reach).delete(id)
}

/// Closes what a contact looks for, of a kind: they have found it.
pub(crate) async fn fulfil(tx: &mut TenantTx, reach: Reach, contact: ContactId, kind: ListingKind) -> ApiResult<()> {
    let found = looked_for(tx, reach, contact, kind).await?;
    let rows = found.iter().map(|found| json!({ "id": found.id, "status": RequirementStatus::Closed })).collect();
    tx.run(many::<Requirement>(reach).update(&[sql!("status")], rows)).await?;
    Ok(())
}

/// What a contact still looks for, of a kind, locked.
pub(crate) async fn looked_for(
    tx: &mut TenantTx,
    reach: Reach,
    contact: ContactId,
    kind: ListingKind,
) -> ApiResult<Vec<Requirement>> {
    let theirs = many::<Requirement>(reach).lock_where(sql!("contact_id = $1 AND status = 'open'"), contact);
    Ok(tx.run(theirs).await?.into_iter().filter(|requirement| requirement.kind == kind).collect())
}

//! The SQL of interests. Whoever writes one has locked its requirement before.

use serde_json::json;
use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::ApiResult;
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, TenantTx, many, owned, reached};
use uuid::Uuid;

use super::{Interest, ListingInterest, ListingInterestId};
use crate::listings::{Listing, ListingId};
use crate::requirements::{Requirement, RequirementId, looked_for};

pub(super) fn known(
    reach: Reach,
    listing: ListingId,
    requirement: RequirementId,
) -> Statement<Option<(ListingInterestId,)>> {
    let known = reached(reach).with::<ListingInterest>().statement(sql!(
        "SELECT i.id FROM listing_interests_in_reach i WHERE i.listing_id = $1 AND i.requirement_id = $2"
    ));
    known.bind(listing).bind(requirement).optional()
}

pub(super) fn insert(
    reach: Reach,
    listing: ListingId,
    requirement: &Requirement,
    interest: Interest,
) -> Statement<ListingInterest> {
    owned(reach)
        .change()
        .set(sql!("id"), ListingInterestId::new())
        .set(sql!("listing_id"), listing)
        .set(sql!("requirement_id"), requirement.id)
        .set(sql!("contact_id"), requirement.contact_id)
        .set(sql!("interest"), interest)
        .insert()
        .refused_by("listing_interests_listing_id_fkey", Refusal::Missing { pointer: "id" })
}

pub(super) fn update(reach: Reach, id: ListingInterestId, interest: Interest) -> Statement<ListingInterest> {
    owned(reach).change().set(sql!("interest"), interest).update(id)
}

/// Notes what a contact thinks of a listing for all that they look for of its kind.
pub(crate) async fn note(
    tx: &mut TenantTx,
    reach: Reach,
    listing: &Listing,
    contact: ContactId,
    interest: Interest,
) -> ApiResult<()> {
    let wanted = looked_for(tx, reach, contact, listing.kind).await?;
    if wanted.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = wanted.iter().map(|requirement| requirement.id.as_uuid()).collect();
    let known = tx.run(known_of(reach, listing.id, ids)).await?;
    let is_known = |id: RequirementId| known.iter().any(|(_, requirement)| *requirement == id);
    let new = wanted.iter().filter(|requirement| !is_known(requirement.id));
    let new: Vec<_> = new
        .map(|requirement| {
            json!({
                "id": ListingInterestId::new(), "listing_id": listing.id, "requirement_id": requirement.id,
                "contact_id": contact, "interest": interest,
            })
        })
        .collect();
    let changed: Vec<_> = known.iter().map(|(id, _)| json!({ "id": id, "interest": interest })).collect();
    if !changed.is_empty() {
        tx.run(many::<ListingInterest>(reach).update(&[sql!("interest")], changed)).await?;
    }
    if !new.is_empty() {
        let columns = [sql!("listing_id"), sql!("requirement_id"), sql!("contact_id"), sql!("interest")];
        tx.run(many::<ListingInterest>(reach).insert(&columns, new)).await?;
    }
    Ok(())
}

fn known_of(
    reach: Reach,
    listing: ListingId,
    requirements: Vec<Uuid>,
) -> Statement<Vec<(ListingInterestId, RequirementId)>> {
    let known = reached(reach).with::<ListingInterest>().statement(sql!(
        "SELECT i.id, i.requirement_id FROM listing_interests_in_reach i ",
        "WHERE i.listing_id = $1 AND i.requirement_id = ANY ($2)"
    ));
    known.bind(listing).bind(requirements).many()
}

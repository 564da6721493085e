//! The SQL of interests. Whoever writes one has locked its requirement before.

use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, owned, reached};

use super::{Interest, ListingInterest, ListingInterestId};
use crate::listings::ListingId;
use crate::requirements::{Requirement, RequirementId};

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

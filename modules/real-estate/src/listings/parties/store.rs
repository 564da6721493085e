//! The SQL of the parties of listings.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, owned, reached};

use super::{ListingId, ListingParty, ListingPartyId, ListingPartySort, NewListingParty, PartyRole};

const PARTY_ALREADY: Refusal = Refusal::Taken {
    pointer: "/contact_id",
    code: "party_already",
    detail: "This contact is a party of the listing in this role already.",
};

pub(super) fn list(
    reach: Reach,
    listing: ListingId,
    paging: Paging<ListingPartySort>,
) -> Statement<Page<ListingParty>> {
    paging.page(owned(reach).list().filter(sql!("listing_id = $1"), Some(listing)))
}

pub(super) fn lock(reach: Reach, id: ListingPartyId) -> Statement<Option<ListingParty>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, listing: ListingId, new: NewListingParty) -> Statement<ListingParty> {
    let NewListingParty { contact_id, role } = new;
    owned(reach)
        .change()
        .set(sql!("id"), ListingPartyId::new())
        .set(sql!("listing_id"), listing)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("role"), role)
        .insert()
        .refused_by("listing_parties_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
        .refused_by("listing_parties_key", PARTY_ALREADY)
}

pub(super) fn delete(reach: Reach, id: ListingPartyId) -> Statement<()> {
    owned::<ListingParty>(reach).delete(id)
}

/// Who has a role at a listing.
pub(crate) fn in_role(reach: Reach, listing: ListingId, role: PartyRole) -> Statement<Vec<(ContactId,)>> {
    let parties = reached(reach).with::<ListingParty>().statement(sql!(
        "SELECT p.contact_id FROM listing_parties_in_reach p WHERE p.listing_id = $1 AND p.role = $2 ORDER BY p.contact_id"
    ));
    parties.bind(listing).bind(role).many()
}

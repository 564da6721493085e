//! The SQL of the parties of progressions.

use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, owned};

use super::{NewProgressionParty, ProgressionId, ProgressionParty, ProgressionPartyId, ProgressionPartySort};

const ROLE_TAKEN: Refusal = Refusal::Taken {
    pointer: "/role",
    code: "role_taken",
    detail: "Somebody has this role in the progression already. Remove them first.",
};

pub(super) fn list(
    reach: Reach,
    progression: ProgressionId,
    paging: Paging<ProgressionPartySort>,
) -> Statement<Page<ProgressionParty>> {
    paging.page(owned(reach).list().filter(sql!("progression_id = $1"), Some(progression)))
}

pub(super) fn lock(reach: Reach, id: ProgressionPartyId) -> Statement<Option<ProgressionParty>> {
    owned(reach).lock(id)
}

pub(super) fn insert(
    reach: Reach,
    progression: ProgressionId,
    new: NewProgressionParty,
) -> Statement<ProgressionParty> {
    let NewProgressionParty { contact_id, role } = new;
    owned(reach)
        .change()
        .set(sql!("id"), ProgressionPartyId::new())
        .set(sql!("progression_id"), progression)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("role"), role)
        .insert()
        .refused_by("progression_parties_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
        .refused_by("progression_parties_role_key", ROLE_TAKEN)
}

pub(super) fn delete(reach: Reach, id: ProgressionPartyId) -> Statement<()> {
    owned::<ProgressionParty>(reach).delete(id)
}

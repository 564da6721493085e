//! The SQL of identity checks.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, owned, reached};
use tenantry_core::value::Date;
use time::OffsetDateTime;

use super::{IdentityCheck, IdentityCheckId, IdentityCheckStatus, NewIdentityCheck};

pub(super) fn list(reach: Reach) -> List<IdentityCheck> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: IdentityCheckId) -> Statement<Option<IdentityCheck>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: IdentityCheckId) -> Statement<Option<IdentityCheck>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: IdentityCheckId, new: NewIdentityCheck) -> Statement<IdentityCheck> {
    let NewIdentityCheck { contact_id, method, expires_on, note } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("status"), IdentityCheckStatus::Pending)
        .set(sql!("method"), method)
        .set(sql!("expires_on"), expires_on)
        .set(sql!("note"), note)
        .insert()
        .refused_by("identity_checks_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
}

pub(super) fn update(reach: Reach, check: IdentityCheck) -> Statement<IdentityCheck> {
    owned(reach)
        .change()
        .set(sql!("method"), check.method)
        .set(sql!("expires_on"), check.expires_on)
        .set(sql!("note"), check.note)
        .update(check.id)
}

pub(super) fn decide(reach: Reach, id: IdentityCheckId, status: IdentityCheckStatus) -> Statement<IdentityCheck> {
    owned(reach).change().set(sql!("status"), status).set(sql!("checked_at"), OffsetDateTime::now_utc()).update(id)
}

/// Those of these contacts whose last check that was decided is none, has failed, or does not count any more on a day.
pub(crate) fn lacking(reach: Reach, contacts: Vec<ContactId>, day: Date) -> Statement<Vec<(ContactId,)>> {
    let asked = reached(reach).with::<IdentityCheck>().statement(sql!(
        "SELECT c.id FROM unnest($1::uuid[]) AS c (id) WHERE (SELECT k.status = 'passed' ",
        "AND (k.expires_on IS NULL OR k.expires_on >= $2) FROM identity_checks_in_reach k ",
        "WHERE k.contact_id = c.id AND k.checked_at IS NOT NULL ORDER BY k.checked_at DESC, k.id DESC LIMIT 1) IS NOT TRUE ",
        "ORDER BY c.id"
    ));
    asked.bind(contacts).bind(day).many()
}

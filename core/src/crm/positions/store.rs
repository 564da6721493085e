//! The SQL of positions.

use super::{Position, PositionId, PositionSort};
use crate::crm::companies::{Company, CompanyId};
use crate::crm::contacts::ContactId;
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Reach, Refusal, Statement, owned};
use crate::value::Text;

/// Where a contact works, as far as the caller reaches the companies.
pub(super) fn of_contact(reach: Reach, contact: ContactId, paging: Paging<PositionSort>) -> Statement<Page<Position>> {
    let positions = owned(reach).list_beside::<Company>(sql!("company_id"));
    paging.page(positions.filter(sql!("contact_id = $1"), Some(contact)))
}

/// Who works for a company, of the contacts that the caller reaches.
pub(super) fn of_company(reach: Reach, company: CompanyId, paging: Paging<PositionSort>) -> Statement<Page<Position>> {
    paging.page(owned(reach).list().filter(sql!("company_id = $1"), Some(company)))
}

/// The position of a contact at a company.
pub(super) fn find(reach: Reach, contact: ContactId, company: CompanyId) -> Statement<Option<Position>> {
    let positions = owned(reach).list().filter(sql!("contact_id = $1"), Some(contact));
    positions.filter(sql!("company_id = $1"), Some(company)).first(sql!("ORDER BY id"), 1).map(|mut found| found.pop())
}

pub(super) fn insert(
    reach: Reach,
    contact: ContactId,
    company: CompanyId,
    title: Option<Text<200>>,
) -> Statement<Position> {
    owned(reach)
        .change()
        .set(sql!("id"), PositionId::new())
        .set(sql!("contact_id"), contact)
        .set(sql!("company_id"), company)
        .set(sql!("title"), title)
        .insert()
        .refused_by("positions_company_id_fkey", Refusal::Missing { pointer: "/company_id" })
}

pub(super) fn update(reach: Reach, id: PositionId, title: Option<Text<200>>) -> Statement<Position> {
    owned(reach).change().set(sql!("title"), title).update(id)
}

pub(super) fn delete(reach: Reach, id: PositionId) -> Statement<()> {
    owned::<Position>(reach).delete(id)
}

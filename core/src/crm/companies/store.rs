//! The SQL of companies.

use super::{Company, CompanyId, NewCompany};
use crate::custom::{Checked, Customized};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{List, Reach, Statement, owned};

pub(super) fn list(reach: Reach) -> List<Company> {
    owned(reach).list()
}

pub(in crate::crm) fn find(reach: Reach, id: CompanyId) -> Statement<Option<Company>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: CompanyId) -> Statement<Option<Company>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: CompanyId, new: NewCompany, custom: Checked) -> Statement<Company> {
    let NewCompany { name, website, industry, tax_number, email, phone, addresses, tags, notes, custom: _ } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("name"), name)
        .set(sql!("website"), website)
        .set(sql!("industry"), industry)
        .set(sql!("tax_number"), tax_number)
        .set(sql!("email"), email)
        .set(sql!("phone"), phone)
        .set(sql!("addresses"), addresses)
        .set(sql!("tags"), tags)
        .set(sql!("notes"), notes)
        .merge(Customized::Companies.constraint(), custom)
        .insert()
}

pub(super) fn update(reach: Reach, company: Company, custom: Checked) -> Statement<Company> {
    owned(reach)
        .change()
        .set(sql!("name"), company.name)
        .set(sql!("website"), company.website)
        .set(sql!("industry"), company.industry)
        .set(sql!("tax_number"), company.tax_number)
        .set(sql!("email"), company.email)
        .set(sql!("phone"), company.phone)
        .set(sql!("addresses"), company.addresses)
        .set(sql!("tags"), company.tags)
        .set(sql!("notes"), company.notes)
        .merge(Customized::Companies.constraint(), custom)
        .update(company.id)
}

/// Gives it to a person, who may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: CompanyId, owner: UserId) -> Statement<Company> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

/// Who works for it does so no longer, and whatever else refers to it does not any more.
pub(super) fn delete(reach: Reach, id: CompanyId) -> Statement<()> {
    owned::<Company>(reach).delete(id)
}

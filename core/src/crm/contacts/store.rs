//! The SQL of contacts.

use super::{Contact, ContactId, NewContact};
use crate::crm::companies::CompanyId;
use crate::custom::{Checked, Customized};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{List, Reach, Statement, owned};

pub(super) fn list(reach: Reach) -> List<Contact> {
    owned(reach).list()
}

pub(in crate::crm) fn find(reach: Reach, id: ContactId) -> Statement<Option<Contact>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(in crate::crm) fn lock(reach: Reach, id: ContactId) -> Statement<Option<Contact>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: ContactId, new: NewContact, custom: Checked) -> Statement<Contact> {
    let NewContact { first_name, last_name, email, phone, emails, phones, addresses, tags, company, notes, custom: _ } =
        new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("first_name"), first_name)
        .set(sql!("last_name"), last_name)
        .set(sql!("email"), email)
        .set(sql!("phone"), phone)
        .set(sql!("emails"), emails)
        .set(sql!("phones"), phones)
        .set(sql!("addresses"), addresses)
        .set(sql!("tags"), tags)
        .set(sql!("company"), company)
        .set(sql!("notes"), notes)
        .merge(Customized::Contacts.constraint(), custom)
        .insert()
}

pub(super) fn update(reach: Reach, contact: Contact, custom: Checked) -> Statement<Contact> {
    owned(reach)
        .change()
        .set(sql!("first_name"), contact.first_name)
        .set(sql!("last_name"), contact.last_name)
        .set(sql!("email"), contact.email)
        .set(sql!("phone"), contact.phone)
        .set(sql!("emails"), contact.emails)
        .set(sql!("phones"), contact.phones)
        .set(sql!("addresses"), contact.addresses)
        .set(sql!("tags"), contact.tags)
        .set(sql!("company"), contact.company)
        .set(sql!("notes"), contact.notes)
        .merge(Customized::Contacts.constraint(), custom)
        .update(contact.id)
}

/// Gives it to a person, who may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: ContactId, owner: UserId) -> Statement<Contact> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

/// Names a company first, of those that the person works for, or none.
pub(in crate::crm) fn name_first(reach: Reach, id: ContactId, company: Option<CompanyId>) -> Statement<Contact> {
    owned(reach).change().set(sql!("primary_company_id"), company).update(id)
}

pub(super) fn delete(reach: Reach, id: ContactId) -> Statement<()> {
    owned::<Contact>(reach).delete(id)
}

//! The SQL of contacts.

use super::{Contact, ContactId, ContactSort, NewContact};
use crate::http::{Page, Paging, contains};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{Reach, Statement, owned};
use crate::value::{Email, Text};

/// Which contacts to list.
pub(super) struct Filter {
    /// Words anywhere in names, e-mail, company or phone.
    pub(super) q: Option<Text<200>>,
    pub(super) email: Option<Email>,
    pub(super) company: Option<Text<200>>,
}

// The database folds both sides: its idea of lower case and ours differ in some scripts.
pub(super) fn list(reach: Reach, filter: Filter, paging: Paging<ContactSort>) -> Statement<Page<Contact>> {
    let Filter { q, email, company } = filter;
    let contacts = owned(reach)
        .list()
        .filter(sql!("search_text LIKE lower($1)"), q.map(|q| contains(q.as_str())))
        .filter(sql!("lower(email) = lower($1)"), email)
        .filter(sql!("lower(company) = lower($1)"), company);
    paging.page(contacts)
}

pub(super) fn find(reach: Reach, id: ContactId) -> Statement<Option<Contact>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: ContactId) -> Statement<Option<Contact>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: ContactId, new: NewContact) -> Statement<Contact> {
    let NewContact { first_name, last_name, email, phone, company, notes } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("first_name"), first_name)
        .set(sql!("last_name"), last_name)
        .set(sql!("email"), email)
        .set(sql!("phone"), phone)
        .set(sql!("company"), company)
        .set(sql!("notes"), notes)
        .insert()
}

pub(super) fn update(reach: Reach, contact: Contact) -> Statement<Contact> {
    owned(reach)
        .change()
        .set(sql!("first_name"), contact.first_name)
        .set(sql!("last_name"), contact.last_name)
        .set(sql!("email"), contact.email)
        .set(sql!("phone"), contact.phone)
        .set(sql!("company"), contact.company)
        .set(sql!("notes"), contact.notes)
        .update(contact.id)
}

/// Gives it to a person, who may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: ContactId, owner: UserId) -> Statement<Contact> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

pub(super) fn delete(reach: Reach, id: ContactId) -> Statement<()> {
    owned::<Contact>(reach).delete(id)
}

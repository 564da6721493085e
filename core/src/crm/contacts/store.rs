//! The SQL of contacts.

use super::{Contact, ContactId, ContactSort, NewContact};
use crate::http::{Page, Paging, contains};
use crate::sql;
use crate::tenancy::{Statement, returning, select, statement};
use crate::value::{Email, Text};

/// Which contacts to list.
pub(super) struct Filter {
    /// Words anywhere in names, e-mail, company or phone.
    pub(super) q: Option<Text<200>>,
    pub(super) email: Option<Email>,
    pub(super) company: Option<Text<200>>,
}

// The database folds both sides: its idea of lower case and ours differ in some scripts.
pub(super) fn list(filter: Filter, paging: Paging<ContactSort>) -> Statement<Page<Contact>> {
    let mut query = select::<Contact>(sql!("FROM contacts WHERE true"));
    if let Some(q) = filter.q {
        query = query.push_bind(sql!("AND search_text LIKE lower("), contains(q.as_str())).push(sql!(")"));
    }
    if let Some(email) = filter.email {
        query = query.push_bind(sql!("AND lower(email) = lower("), email).push(sql!(")"));
    }
    if let Some(company) = filter.company {
        query = query.push_bind(sql!("AND lower(company) = lower("), company).push(sql!(")"));
    }
    paging.page(query)
}

pub(super) fn find(id: ContactId) -> Statement<Option<Contact>> {
    select::<Contact>(sql!("FROM contacts WHERE id = $1")).bind(id).optional()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(id: ContactId) -> Statement<Option<Contact>> {
    select::<Contact>(sql!("FROM contacts WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: ContactId, new: NewContact) -> Statement<Contact> {
    returning::<Contact>(sql!(
        "INSERT INTO contacts (id, first_name, last_name, email, phone, company, notes) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7)"
    ))
    .bind(id)
    .bind(new.first_name)
    .bind(new.last_name)
    .bind(new.email)
    .bind(new.phone)
    .bind(new.company)
    .bind(new.notes)
    .one()
}

pub(super) fn update(contact: Contact) -> Statement<Contact> {
    returning::<Contact>(sql!(
        "UPDATE contacts SET first_name = $2, last_name = $3, email = $4, phone = $5, company = $6, notes = $7, ",
        "version = version + 1, updated_at = now() WHERE id = $1"
    ))
    .bind(contact.id)
    .bind(contact.first_name)
    .bind(contact.last_name)
    .bind(contact.email)
    .bind(contact.phone)
    .bind(contact.company)
    .bind(contact.notes)
    .one()
}

pub(super) fn delete(id: ContactId) -> Statement<bool> {
    statement(sql!("DELETE FROM contacts WHERE id = $1 RETURNING 1")).bind(id).any()
}

//! By what a row is known to be about a record that is there already.

use serde_json::Value;

use super::rows::Values;
use super::{ImportResource, MatchBy};
use crate::crm::same::{digits, email_key, has_email, has_phone, phone_key};
use crate::sql;
use crate::tenancy::Fragment;

/// An address or a number as it is compared.
pub(super) fn key_of(by: MatchBy, value: &str) -> String {
    match by {
        MatchBy::Email => email_key(value),
        MatchBy::Phone => phone_key(value),
    }
}

/// The same of a record: the one that counts, then the further ones.
pub(super) fn keys_of(by: MatchBy, record: &Values) -> Vec<String> {
    let (own, list) = (
        by.as_str(),
        match by {
            MatchBy::Email => "emails",
            MatchBy::Phone => "phones",
        },
    );
    let further = record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(|part| part.get(own));
    let all = record.get(own).into_iter().chain(further).filter_map(Value::as_str);
    all.map(|value| key_of(by, value)).collect()
}

/// Records that any of the keys `$1` is of. Each part of it has an index.
pub(super) const fn has_key(resource: ImportResource, by: MatchBy) -> Fragment {
    match (resource, by) {
        (ImportResource::Contacts, MatchBy::Email) => sql!(has_email!("", "$1")),
        (ImportResource::Contacts, MatchBy::Phone) => sql!(has_phone!("", "$1")),
        (ImportResource::Companies, MatchBy::Email) => sql!("lower(email) = ANY ($1)"),
        (ImportResource::Companies, MatchBy::Phone) => sql!(digits!(""), " = ANY ($1)"),
    }
}

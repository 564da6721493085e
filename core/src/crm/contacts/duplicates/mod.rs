//! Which contacts may be the same person: all that have an address, a number or a name in common, or those that are like one.
//!
//! All of them are looked through by what is equal, along an index. What is only like something is looked for by one contact at a
//! time, with the trigrams that searches use. `POST /merges` makes one contact of several.
//!
//! - this file: groups and candidates; `api.rs`: the operations; `store.rs`: the SQL; `migrations/tenant/V17__duplicates.sql`.

mod api;
mod store;

use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;
use uuid::Uuid;

pub use api::DuplicatesApi;

use super::ContactId;
use crate::http::{Order, Sort};
use crate::{choice, column, row, sql};

choice! {
    /// What contacts have in common.
    pub enum DuplicateReason {
        /// The address for e-mail.
        Email = "email",
        /// The digits of the telephone number.
        Phone = "phone",
        /// The name.
        Name = "name",
    }
}

/// A contact that may be another one's duplicate.
#[derive(Debug, Serialize, Deserialize, Object)]
pub struct DuplicateContact {
    /// Its id.
    pub id: ContactId,
    /// Family and given name.
    pub display_name: String,
    /// The address for e-mail.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}
column!(DuplicateContact, Json<DuplicateContact>, |json| json.0, |own| Json(own));

/// Contacts that have something in common.
#[derive(Debug, Serialize, Object)]
pub struct DuplicateGroup {
    /// What they have in common.
    pub reason: DuplicateReason,
    /// The address in lower case, the digits of the number, or the name in lower case.
    pub value: String,
    /// How likely they are the same person, from 0 to 1.
    pub score: f64,
    /// How many there are.
    pub count: i64,
    /// The oldest ten of them.
    pub contacts: Vec<DuplicateContact>,
}
row!(DuplicateGroup { reason, value, score, count, contacts });

/// A contact that may be the same person.
#[derive(Debug, Serialize, Object)]
pub struct Duplicate {
    /// It.
    pub contact: DuplicateContact,
    /// How likely it is the same person, from 0 to 1.
    pub score: f64,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
}
row!(Duplicate { contact, score, reasons });

/// Contacts that may be the same person, the likeliest first: 50 at most.
#[derive(Debug, Serialize, Object)]
pub struct DuplicateList {
    /// They.
    pub items: Vec<Duplicate>,
}

/// How groups of duplicates are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DuplicateSort {
    /// By what they have in common, smallest first.
    #[oai(rename = "value")]
    Value,
}

impl Sort for DuplicateSort {
    type Record = DuplicateGroup;

    fn order(self) -> Order<DuplicateGroup> {
        Order {
            name: "value",
            after: sql!("value > $1"),
            by: sql!("ORDER BY value"),
            last: None,
            position: |group| {
                (Some(group.value.clone()), group.contacts.first().map_or(Uuid::nil(), |c| c.id.as_uuid()))
            },
        }
    }
}

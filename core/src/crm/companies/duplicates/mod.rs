//! Which companies may be the same one: all that have an address, a number, a page's host or a name in common, or those that are like
//! one. As `contacts::duplicates`, with what companies have.
//!
//! - this file: groups and candidates; `api.rs`: the operations; `store.rs`: the SQL;
//!   `migrations/tenant/V19__company_duplicates.sql`.

mod api;
mod store;

use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;
use uuid::Uuid;

pub use api::CompanyDuplicatesApi;

use super::CompanyId;
use crate::http::{Order, Sort};
use crate::{choice, column, row, sql};

choice! {
    /// What companies have in common.
    pub enum CompanyDuplicateReason {
        /// The address for e-mail.
        Email = "email",
        /// The digits of the telephone number.
        Phone = "phone",
        /// The host of the page.
        Website = "website",
        /// The name.
        Name = "name",
    }
}

/// A company that may be another one's duplicate.
#[derive(Debug, Serialize, Deserialize, Object)]
pub struct DuplicateCompany {
    /// Its id.
    pub id: CompanyId,
    /// What it is called.
    pub name: String,
    /// The address for e-mail.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The address of its page.
    pub website: Option<String>,
}
column!(DuplicateCompany, Json<DuplicateCompany>, |json| json.0, |own| Json(own));

/// Companies that have something in common.
#[derive(Debug, Serialize, Object)]
pub struct CompanyDuplicateGroup {
    /// What they have in common.
    pub reason: CompanyDuplicateReason,
    /// The address in lower case, the number, the host without `www`, or the name in lower case.
    pub value: String,
    /// How likely they are the same company, from 0 to 1.
    pub score: f64,
    /// How many there are.
    pub count: i64,
    /// The oldest ten of them.
    pub companies: Vec<DuplicateCompany>,
}
row!(CompanyDuplicateGroup { reason, value, score, count, companies });

/// A company that may be the same one.
#[derive(Debug, Serialize, Object)]
pub struct CompanyDuplicate {
    /// It.
    pub company: DuplicateCompany,
    /// How likely it is the same company, from 0 to 1.
    pub score: f64,
    /// Why.
    pub reasons: Vec<CompanyDuplicateReason>,
}
row!(CompanyDuplicate { company, score, reasons });

/// Companies that may be the same one, the likeliest first: 50 at most.
#[derive(Debug, Serialize, Object)]
pub struct CompanyDuplicateList {
    /// They.
    pub items: Vec<CompanyDuplicate>,
}

/// How groups of duplicates are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompanyDuplicateSort {
    /// By what they have in common, smallest first.
    #[oai(rename = "value")]
    Value,
}

impl Sort for CompanyDuplicateSort {
    type Record = CompanyDuplicateGroup;

    fn order(self) -> Order<CompanyDuplicateGroup> {
        Order {
            name: "value",
            after: sql!("value > $1"),
            by: sql!("ORDER BY value"),
            last: None,
            position: |group| {
                (Some(group.value.clone()), group.companies.first().map_or(Uuid::nil(), |c| c.id.as_uuid()))
            },
        }
    }
}

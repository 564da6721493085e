//! Companies: whom the people work for that the organization knows.

mod api;
mod duplicates;
pub(super) mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::CompaniesApi;
pub use duplicates::CompanyDuplicatesApi;

use super::CompaniesRead;
use super::parts::Addresses;
use crate::custom::{Custom, CustomChange};
use crate::http::{Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Email, Label, Moment, Phone, Prose, Tags, Text, Website};
use crate::{bulk, criteria, owned_row, record_id, searchable};

record_id! {
    /// The id of a company.
    CompanyId
}

/// A company that the organization knows.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// What it is called.
    pub name: Text<200>,
    /// The address of its page.
    pub website: Option<Website>,
    /// What it does.
    pub industry: Option<Text<100>>,
    /// Its number for taxes, such as a VAT number, as it was written.
    pub tax_number: Option<Text<50>>,
    /// The address for e-mail.
    pub email: Option<Email>,
    /// The telephone number: `+`, country and number (E.164).
    pub phone: Option<Phone>,
    /// Where it is to be found.
    pub addresses: Addresses,
    /// Words to find it by.
    pub tags: Tags,
    /// Anything worth remembering.
    pub notes: Option<Prose<10_000>>,
    /// Values of the organization's own fields, by their keys; see `GET /custom-fields`.
    pub custom: Custom,
    /// The person whose company it is: who made it, or whom it was given to since. Null where an operator made it. Who leaves
    /// the organization stays the owner until it is given to another.
    pub owner_id: Option<UserId>,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

owned_row!(Company in "companies" {
    id,
    name,
    website,
    industry,
    tax_number,
    email,
    phone,
    addresses,
    tags,
    notes,
    custom = "custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'companies')",
    owner_id,
    created_at,
    updated_at,
    version
});

searchable!(Company in "companies", title: "name", subtitle: "coalesce(website, email)", read: CompaniesRead);

impl Versioned for Company {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A company to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    /// What it is called.
    name: Text<200>,
    /// The address of its page: `http://…` or `https://…`.
    website: Option<Website>,
    /// What it does.
    industry: Option<Text<100>>,
    /// Its number for taxes.
    tax_number: Option<Text<50>>,
    /// The address for e-mail.
    email: Option<Email>,
    /// The telephone number with its country.
    phone: Option<Phone>,
    /// Where it is to be found; up to 20 addresses.
    #[serde(default)]
    #[oai(default)]
    addresses: Addresses,
    /// Words to find it by; up to 50.
    #[serde(default)]
    #[oai(default)]
    tags: Tags,
    /// Anything worth remembering.
    notes: Option<Prose<10_000>>,
    /// Values for the organization's own fields, by their keys.
    #[serde(default)]
    #[oai(default)]
    custom: CustomChange,
}

/// What to change in a company. A field that is left out stays; null clears it, where it may be empty. A list replaces the one
/// that was there.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyPatch {
    /// What it is called.
    name: Change<Text<200>>,
    /// The address of its page.
    website: MaybeUndefined<Website>,
    /// What it does.
    industry: MaybeUndefined<Text<100>>,
    /// Its number for taxes.
    tax_number: MaybeUndefined<Text<50>>,
    /// The address for e-mail.
    email: MaybeUndefined<Email>,
    /// The telephone number with its country.
    phone: MaybeUndefined<Phone>,
    /// Where it is to be found.
    addresses: Change<Addresses>,
    /// Words to find it by.
    tags: Change<Tags>,
    /// Anything worth remembering.
    notes: MaybeUndefined<Prose<10_000>>,
    /// Values for the organization's own fields, by their keys: those that are not named stay, null takes a value away.
    custom: Change<CustomChange>,
}

impl CompanyPatch {
    /// Applies it but for the organization's own fields.
    fn apply(self, company: &mut Company) -> CustomChange {
        replace(&mut company.name, self.name);
        patch(&mut company.website, self.website);
        patch(&mut company.industry, self.industry);
        patch(&mut company.tax_number, self.tax_number);
        patch(&mut company.email, self.email);
        patch(&mut company.phone, self.phone);
        replace(&mut company.addresses, self.addresses);
        replace(&mut company.tags, self.tags);
        patch(&mut company.notes, self.notes);
        self.custom.given().unwrap_or_default()
    }
}

criteria! {
    /// What companies are listed by.
    pub struct CompanyFields of Company in "companies" by "-created_at",
        q "search_text" of "name, website, e-mail, phone and tax number", custom
    {
        /// The address for e-mail, in any case.
        email: Email => folded [eq in null];
        /// What it does, in any case.
        industry: Text<100> => folded [eq in null];
        /// Its tags.
        tags: Label => [has];
        /// Whose company it is.
        owner_id: UserId => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |company| company.created_at;
        /// When it was last changed.
        updated_at: Moment => [gt gte lt lte], sort timestamptz |company| company.updated_at;
        /// What it is called.
        name: Text<200> => [], sort folded |company| company.name.to_string();
    }
}

bulk! {
    Company by NewCompany, CompanyPatch: name, website, industry, tax_number, email, phone, addresses, tags, notes;
    new |new| Ok(new);
    change |company, patch| Ok(patch.apply(company));
    own custom of Companies;
}

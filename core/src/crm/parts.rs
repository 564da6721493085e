//! What several kinds of records are made of: addresses, further e-mail addresses and numbers, and who they are given to.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::identity::UserId;
use crate::value::{Country, Email, Label, Phone, Several, Text};

/// A further e-mail address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct LabelledEmail {
    /// What it is for, such as `work`.
    #[serde(default)]
    pub label: Option<Label>,
    /// The address.
    pub email: Email,
}

/// A further telephone number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct LabelledPhone {
    /// What it is for, such as `mobile`.
    #[serde(default)]
    pub label: Option<Label>,
    /// The number with its country.
    pub phone: Phone,
}

/// Where somebody is to be found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct Address {
    /// What it is for, such as `billing`.
    pub label: Option<Label>,
    /// Street and number.
    pub street: Option<Text<200>>,
    /// The postcode.
    pub postcode: Option<Text<20>>,
    /// The city.
    pub city: Option<Text<100>>,
    /// The state, the province or the county.
    pub region: Option<Text<100>>,
    /// The country by its code of ISO 3166-1: two capital letters.
    pub country: Option<Country>,
}

/// Further e-mail addresses of a record.
pub type Emails = Several<LabelledEmail>;
/// Further telephone numbers of a record.
pub type Phones = Several<LabelledPhone>;
/// The addresses of a record.
pub type Addresses = Several<Address>;

/// Whose a record is from now on.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A member of the organization.
    pub(super) user_id: UserId,
}

//! Practitioners: who treats patients. One who is a member of the organization signs in as this person.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenantry_core::calendar::{NewResource, ResourceId, ResourceKind};
use tenantry_core::http::{Change, Versioned, patch, replace};
use tenantry_core::identity::UserId;
use tenantry_core::value::{Moment, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::PractitionersApi;
pub(crate) use source::SOURCE;
pub(crate) use store::{find, in_turn};

record_id! {
    /// The id of a practitioner.
    PractitionerId
}

choice! {
    /// What somebody is by profession.
    pub enum Profession {
        /// A physician.
        Physician = "physician",
        /// A nurse.
        Nurse = "nurse",
        /// A therapist.
        Therapist = "therapist",
        /// A dentist.
        Dentist = "dentist",
        /// Of another profession.
        Other = "other",
    }
}

/// Somebody who treats patients. A resource of the calendar has the same id: its hours are changed by
/// `PATCH /calendar/resources/{id}`, leave is written down by `POST /calendar/exceptions`.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Practitioner {
    /// Its id.
    pub id: PractitionerId,
    /// The member of the organization who is this person; null for who does not sign in.
    pub user_id: Option<UserId>,
    /// The name that patients read.
    pub name: Text<200>,
    /// What the person is by profession.
    pub profession: Profession,
    /// Whether the person treats patients at this time.
    pub active: bool,
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

row!(Practitioner { id, user_id, name, profession, active, created_at, updated_at, version });

impl Versioned for Practitioner {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Practitioner {
    /// The resource of the calendar whose time is this person's.
    pub(crate) fn resource(&self) -> (ResourceId, NewResource) {
        let resource = NewResource::of_module(self.name.clone(), ResourceKind::Person).whose(self.user_id);
        (self.id.as_uuid().into(), resource)
    }
}

/// A practitioner to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewPractitioner {
    /// The member of the organization who is this person; nobody else may be.
    user_id: Option<UserId>,
    /// The name that patients read.
    name: Text<200>,
    /// What the person is by profession.
    profession: Profession,
    /// Whether the person treats patients at this time; so it is where it is left out.
    active: Option<bool>,
}

/// What to change in a practitioner. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct PractitionerPatch {
    /// The member of the organization who is this person.
    user_id: MaybeUndefined<UserId>,
    /// The name that patients read.
    name: Change<Text<200>>,
    /// What the person is by profession.
    profession: Change<Profession>,
    /// Whether the person treats patients at this time.
    active: Change<bool>,
}

impl PractitionerPatch {
    fn apply(self, practitioner: &mut Practitioner) {
        patch(&mut practitioner.user_id, self.user_id);
        replace(&mut practitioner.name, self.name);
        replace(&mut practitioner.profession, self.profession);
        replace(&mut practitioner.active, self.active);
    }
}

criteria! {
    /// What practitioners are listed by.
    pub struct PractitionerFields of Practitioner in "practitioners" by "-created_at" {
        /// The member of the organization who it is.
        user_id: UserId => [eq in];
        /// The name that patients read.
        name: Text<200> => folded [contains], sort folded |practitioner| practitioner.name;
        /// What the person is by profession.
        profession: Profession => [eq in];
        /// Whether the person treats patients at this time.
        active: bool => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |practitioner| practitioner.created_at;
    }
}

//! Resources: persons, rooms, devices, anything whose time is taken.

mod api;
mod store;

use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ResourcesApi;
pub(super) use store::find;
pub use store::{make_resource, make_resources, rename_resource, unmake_resource};

use super::hours::{self, OpenHours};
use crate::http::{ApiError, ApiResult, Change, Versioned, patch, replace};
use crate::identity::UserId;
use crate::value::{Clock, Moment, Several, Text, TimeZone};
use crate::{choice, criteria, record_id, row};

record_id! {
    /// The id of a resource.
    ResourceId
}

choice! {
    /// What kind of resource it is.
    pub enum ResourceKind {
        /// Somebody.
        Person = "person",
        /// A room.
        Room = "room",
        /// A device.
        Device = "device",
        /// A property.
        Property = "property",
        /// A set of keys.
        KeySet = "key_set",
        /// Anything else.
        Other = "other",
    }
}

/// Something whose time is taken.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// What it is called.
    pub name: Text<200>,
    /// What kind of resource it is.
    pub kind: ResourceKind,
    /// The member whose time it is.
    pub user_id: Option<UserId>,
    /// Where the clock on its wall stands.
    pub time_zone: TimeZone,
    /// When it is open each week. Null is always; an empty list is never, but for exceptions.
    pub hours: Option<Several<OpenHours>>,
    /// How many bookings can have it at once, from 1 to 1000.
    pub capacity: i32,
    /// Whether it can be booked.
    pub active: bool,
    /// The module that made it, where one did. It is changed there, but for its hours.
    pub module: Option<Text<100>>,
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

row!(Resource { id, name, kind, user_id, time_zone, hours, capacity, active, module, created_at, updated_at, version });

impl Versioned for Resource {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A resource to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewResource {
    /// What it is called.
    name: Text<200>,
    /// What kind of resource it is.
    kind: ResourceKind,
    /// The member whose time it is.
    user_id: Option<UserId>,
    /// Where the clock on its wall stands; as the organization's where it is left out.
    time_zone: Option<TimeZone>,
    /// When it is open each week. Null is always; an empty list is never, but for exceptions.
    hours: Option<Several<OpenHours>>,
    /// How many bookings can have it at once; 1 where it is left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    capacity: Option<i32>,
}

impl NewResource {
    /// One that a module makes of a record of its own: open always, for one at a time, by the organization's clock.
    pub fn of_module(name: Text<200>, kind: ResourceKind) -> Self {
        Self { name, kind, user_id: None, time_zone: None, hours: None, capacity: None }
    }

    /// The member whose time it is.
    #[must_use]
    pub fn whose(self, user_id: Option<UserId>) -> Self {
        Self { user_id, ..self }
    }

    /// For so many at once.
    #[must_use]
    pub fn for_many(self, capacity: i32) -> Self {
        Self { capacity: Some(capacity), ..self }
    }

    fn checked(self) -> ApiResult<Self> {
        self.hours.as_ref().map_or(Ok(()), hours::check)?;
        check_capacity(self.capacity.unwrap_or(1))?;
        check_zone(self.time_zone.as_ref())?;
        Ok(self)
    }
}

/// What to change in a resource. A field that is left out stays; null clears it, where it may be empty.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ResourcePatch {
    /// What it is called.
    name: Change<Text<200>>,
    /// What kind of resource it is.
    kind: Change<ResourceKind>,
    /// The member whose time it is.
    user_id: MaybeUndefined<UserId>,
    /// Where the clock on its wall stands.
    time_zone: Change<TimeZone>,
    /// When it is open each week. Null is always; an empty list is never, but for exceptions.
    hours: MaybeUndefined<Several<OpenHours>>,
    /// How many bookings can have it at once, from now on.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
    capacity: Change<i32>,
    /// Whether it can be booked.
    active: Change<bool>,
}

impl ResourcePatch {
    /// Whether it changes what a module looks after.
    fn is_of_module(&self) -> bool {
        self.name.is_given() || self.kind.is_given() || !self.user_id.is_undefined() || self.capacity.is_given()
    }

    fn apply(self, resource: &mut Resource) -> ApiResult<()> {
        replace(&mut resource.name, self.name);
        replace(&mut resource.kind, self.kind);
        patch(&mut resource.user_id, self.user_id);
        replace(&mut resource.time_zone, self.time_zone);
        patch(&mut resource.hours, self.hours);
        replace(&mut resource.capacity, self.capacity);
        replace(&mut resource.active, self.active);
        resource.hours.as_ref().map_or(Ok(()), hours::check)?;
        check_zone(Some(&resource.time_zone))?;
        check_capacity(resource.capacity)
    }
}

fn check_capacity(capacity: i32) -> ApiResult<()> {
    match capacity {
        1..=1000 => Ok(()),
        _ => Err(ApiError::invalid().at("/capacity", "expected a number from 1 to 1000")),
    }
}

fn check_zone(zone: Option<&TimeZone>) -> ApiResult<()> {
    match zone {
        Some(zone) if Clock::of(zone).is_none() => {
            Err(ApiError::invalid().at("/time_zone", "no such time zone is known, expected one such as Europe/Vienna"))
        }
        _ => Ok(()),
    }
}

criteria! {
    /// What resources are listed by.
    pub struct ResourceFields of Resource in "calendar_resources" by "-created_at" {
        /// What it is called.
        name: Text<200> => [eq], sort text |resource| resource.name.clone();
        /// What kind of resource it is.
        kind: ResourceKind => [eq in];
        /// The member whose time it is.
        user_id: UserId => [eq in null];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |resource| resource.created_at;
    }
}

//! Rooms and devices: in what and with what patients are treated.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::calendar::{NewResource, ResourceId, ResourceKind};
use tenantry_core::http::{Change, Versioned, replace};
use tenantry_core::value::{Moment, Text};
use tenantry_core::{choice, criteria, record_id, row};
use time::OffsetDateTime;

pub use api::RoomsApi;
pub(crate) use source::SOURCE;
pub(crate) use store::{find, rooms_at};

use crate::locations::LocationId;

record_id! {
    /// The id of a room or a device.
    RoomId
}

choice! {
    /// Whether it is a room or a device.
    pub enum RoomKind {
        /// A room.
        Room = "room",
        /// A device, such as an ultrasound machine.
        Device = "device",
    }
}

/// A room or a device. A resource of the calendar has the same id: when it can be used is changed there.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// The location that it is at.
    pub location_id: LocationId,
    /// What it is called; nothing else at the location has the same name.
    pub name: Text<200>,
    /// Whether it is a room or a device.
    pub kind: RoomKind,
    /// Whether it is in use.
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

row!(Room { id, location_id, name, kind, active, created_at, updated_at, version });

impl Versioned for Room {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Room {
    /// The resource of the calendar whose time is this one's.
    pub(crate) fn resource(&self) -> (ResourceId, NewResource) {
        let kind = match self.kind {
            RoomKind::Room => ResourceKind::Room,
            RoomKind::Device => ResourceKind::Device,
        };
        (self.id.as_uuid().into(), NewResource::of_module(self.name.clone(), kind))
    }
}

/// A room or a device to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewRoom {
    /// The location that it is at.
    location_id: LocationId,
    /// What it is called; nothing else at the location may have the same name.
    name: Text<200>,
    /// Whether it is a room or a device.
    kind: RoomKind,
    /// Whether it is in use; so it is where it is left out.
    active: Option<bool>,
}

/// What to change in a room or a device. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct RoomPatch {
    /// The location that it is at.
    location_id: Change<LocationId>,
    /// What it is called.
    name: Change<Text<200>>,
    /// Whether it is a room or a device.
    kind: Change<RoomKind>,
    /// Whether it is in use.
    active: Change<bool>,
}

impl RoomPatch {
    fn apply(self, room: &mut Room) {
        replace(&mut room.location_id, self.location_id);
        replace(&mut room.name, self.name);
        replace(&mut room.kind, self.kind);
        replace(&mut room.active, self.active);
    }
}

criteria! {
    /// What rooms and devices are listed by.
    pub struct RoomFields of Room in "rooms" by "-created_at" {
        /// The location that it is at.
        location_id: LocationId => [eq in];
        /// What it is called, in any case.
        name: Text<200> => folded [eq in], sort folded |room| room.name;
        /// Whether it is a room or a device.
        kind: RoomKind => [eq];
        /// Whether it is in use.
        active: bool => [eq];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |room| room.created_at;
    }
}

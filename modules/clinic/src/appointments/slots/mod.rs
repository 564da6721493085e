//! Slots of a service: when somebody who offers it is free for it, with a room and a device where they are asked for.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use tenantry_core::value::Moment;

pub use api::ClinicSlotsApi;

use crate::practitioners::PractitionerId;
use crate::rooms::RoomId;

/// A time at which a service can be had.
#[derive(Debug, Serialize, Object)]
pub struct ServiceSlot {
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over.
    pub ends_at: Moment,
    /// Who is free.
    pub practitioner_id: PractitionerId,
    /// The room that is free, where one was asked for.
    pub room_id: Option<RoomId>,
    /// How many patients can still come together at this time.
    pub places: i32,
}

/// When a service can be had.
#[derive(Debug, Serialize, Object)]
pub struct ServiceSlots {
    /// The times, the first of them first.
    pub items: Vec<ServiceSlot>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
}

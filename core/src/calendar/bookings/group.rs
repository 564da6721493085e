//! Groups: several bookings that have the same resources together, because they are for the same.

use serde::Serialize;
use uuid::Uuid;

/// Those who come together: bookings for the same, at exactly the same time, with the same shared resources. Whatever else a booking
/// takes is its own.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    of: Uuid,
    places: i32,
    /// Which group it is, known from when it is booked on.
    pub(super) id: Option<Uuid>,
}

impl Group {
    /// A group of up to this many who come for the same: a service, a course. None where only one can come.
    pub fn of(of: Uuid, places: i32) -> Option<Self> {
        (places > 1).then_some(Self { of, places, id: None })
    }

    /// What they come for.
    pub(in crate::calendar) fn what(&self) -> Uuid {
        self.of
    }

    /// How many of them there may be.
    pub(in crate::calendar) fn places(&self) -> i32 {
        self.places
    }
}

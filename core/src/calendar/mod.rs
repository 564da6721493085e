//! Calendars: what can be booked, when it is free, and who has it when. Every industry's appointments stand on this.
//!
//! - **Resources** (`resources`) are persons, rooms, devices, anything whose time is taken. Each has hours: a week of opening times by
//!   the clock on the wall where it is (`hours.rs`), and **exceptions** to them (`exceptions`): leave, holidays, an extra evening.
//! - **Bookings** (`bookings`) take one resource or several, all or none, with the time before and behind that each needs. A **hold** is
//!   a booking that ends by itself unless it is confirmed.
//!   Several bookings for the same, at the same time, may share what they take: a **group** has so many places.
//! - **Series** (`series`) are bookings that come again by a rule, at the same time on the wall.
//! - **Slots** (`slots`) are computed, never stored: what is open, less what is taken (`timetable.rs`, on `period.rs`).
//! - **Feeds** (`feeds`) are addresses at which a program reads the bookings of one person, as iCalendar has them.
//!
//! # Why two bookings never meet
//!
//! Whoever books locks the resources first (`desk.rs`), in the order of their ids, and then looks; so what is seen free is free. That
//! alone would hold. The constraint `booking_parts_overlap_excl` says it once more, to every other way into the table. Where several
//! may have one resource at a time there is no such constraint, and the lock alone decides.
//!
//! # For modules
//!
//! A module makes a resource of each of its own records that has time ([`NewResource::of_module`]), keeps its id, and books with
//! [`book`], [`reschedule`], [`confirm`] and [`cancel`] in the transaction in which it writes down what the booking is for. What a
//! module has made, only it changes: the operations of this room refuse it.

mod bookings;
mod desk;
mod exceptions;
mod feeds;
mod hours;
mod period;
mod resources;
mod series;
mod slots;
mod timetable;

pub use bookings::{Booking, BookingId, BookingStatus, Group, Need, NewBooking, SeriesId, Wanted};
pub use desk::{To, book, booking, cancel, cancel_many, confirm, reschedule};
pub use exceptions::{CalendarException, ExceptionId, ExceptionKind};
pub(crate) use feeds::Feeds;
pub use hours::{OpenHours, Weekday};
pub use period::Period;
pub use resources::{
    NewResource, Resource, ResourceId, ResourceKind, make_resource, make_resources, rename_resource, unmake_resource,
};
pub use series::{Which, book_series, cancel_series, move_series};
pub use slots::{Every, FreeOption, FreeOptions, Slots, SlotsAsked, free_of, free_options, free_slots};

use crate::events::EventSource;
use crate::module::{ApiPart, Job, Module};
use crate::permission::Permission as _;

crate::permissions! {
    module "calendar";
    /// See what can be booked, when, and who has it.
    read CalendarRead = "calendar.read" from Viewer;
    /// Say what can be booked and when: resources, hours, exceptions.
    write CalendarWrite = "calendar.write" from Admin;
    /// Book, move and cancel.
    write BookingsWrite = "bookings.write" from Member;
    /// Book where it is not free, with a reason.
    write BookingsOverbook = "bookings.overbook" from Admin;
}

inventory::submit! {
    Module {
        name: "calendar",
        title: "Calendar",
        required: true,
        api: ApiPart::of::<(
            resources::ResourcesApi,
            exceptions::ExceptionsApi,
            bookings::BookingsApi,
            series::SeriesApi,
            slots::SlotsApi,
            feeds::FeedsApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: &[],
        events: &[
            EventSource {
                name: "calendar-resource",
                resource: "calendar_resources",
                read: &CalendarRead::INFO,
                undo: None,
            },
            EventSource {
                name: "calendar-exception",
                resource: "calendar_exceptions",
                read: &CalendarRead::INFO,
                undo: None,
            },
            EventSource { name: "booking", resource: "bookings", read: &CalendarRead::INFO, undo: None },
            EventSource {
                name: "calendar-feed",
                resource: "calendar_feeds",
                read: &CalendarWrite::INFO,
                undo: None,
            },
            EventSource { name: "booking-series", resource: "booking_series", read: &CalendarRead::INFO, undo: None },
        ],
        jobs: &[Job {
            name: "forget-holds",
            schedule: "45 2 * * *",
            run: |work| Box::pin(work.write(bookings::forget_holds())),
        }],
    }
}

//! The operations on bookings.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{Booking, BookingFields, BookingId, BookingPatch, NewBooking, period, store};
use crate::calendar::desk::To;
use crate::calendar::{BookingsOverbook, BookingsWrite, CalendarRead, desk};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, IfMatch, IfMatchGiven, Item, Page, Versioned, patch,
    replace,
};
use crate::module::Tag;
use crate::permission::Permission as _;
use crate::value::Text;

/// Bookings.
#[derive(Default)]
pub struct BookingsApi;

#[OpenApi(tag = "Tag::Calendar")]
impl BookingsApi {
    /// List bookings.
    #[oai(path = "/calendar/bookings", method = "get", operation_id = "bookings_list")]
    async fn list(
        &self,
        caller: Can<CalendarRead>,
        criteria: Criteria<BookingFields>,
    ) -> ApiResult<Answer<Page<Booking>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Book, or hold.
    ///
    /// All that is needed has to be free, or nothing is booked: the problem's `alternatives` are. With `hold_minutes` it is held for that
    /// long, and booked by `/calendar/bookings/{id}/confirm`.
    #[oai(path = "/calendar/bookings", method = "post", operation_id = "bookings_create")]
    async fn create(&self, caller: Can<BookingsWrite>, body: Body<NewBooking>) -> ApiResult<Created<Booking>> {
        let wanted = body.0.wanted(BookingId::new(), caller.user())?;
        may_overbook(&caller, &wanted.overbook_reason)?;
        let made = caller.transaction(async |tx| desk::book(tx, wanted).await).await?;
        Ok(Created::at("/calendar/bookings", made.id, made))
    }

    /// Show a booking.
    #[oai(path = "/calendar/bookings/:id", method = "get", operation_id = "bookings_get")]
    async fn get(&self, caller: Can<CalendarRead>, id: Path<BookingId>) -> ApiResult<Item<Booking>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change or move a booking.
    ///
    /// What was overbooked stays so as long as it is not moved.
    #[oai(path = "/calendar/bookings/:id", method = "patch", operation_id = "bookings_update")]
    async fn update(
        &self,
        caller: Can<BookingsWrite>,
        id: Path<BookingId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<BookingPatch>,
    ) -> ApiResult<Item<Booking>> {
        may_overbook(&caller, &body.0.overbook_reason)?;
        let seen = |booking: &Booking| own(booking).and_then(|()| booking.expect(&version));
        let changed = caller.transaction(async |tx| {
            let moves = body.0.moves();
            let BookingPatch { title, note, starts_at, ends_at, needs, overbook_reason } = body.0;
            let mut booking = tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            if !moves {
                booking = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
                seen(&booking)?;
            }
            replace(&mut booking.title, title);
            patch(&mut booking.note, note);
            if !moves {
                return Ok(tx.run(store::reword(booking)).await?);
            }
            let (starts_at, ends_at) = (starts_at.given(), ends_at.given());
            let period = period(starts_at.unwrap_or(booking.starts_at), ends_at.unwrap_or(booking.ends_at))?;
            let words = Some((booking.title, booking.note));
            desk::reschedule(tx, id.0, To { period, needs: needs.given(), words, overbook_reason }, seen).await
        });
        changed.await.map(Item)
    }

    /// Make a hold a booking.
    ///
    /// One that is booked already stays as it is.
    #[oai(path = "/calendar/bookings/:id/confirm", method = "post", operation_id = "bookings_confirm")]
    async fn confirm(
        &self,
        caller: Can<BookingsWrite>,
        id: Path<BookingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Booking>> {
        let done = caller.transaction(async |tx| {
            desk::confirm(tx, id.0, |booking| own(booking).and_then(|()| booking.expect_given(&version))).await
        });
        done.await.map(Item)
    }

    /// Cancel a booking.
    ///
    /// One that is cancelled or over already stays as it is.
    #[oai(path = "/calendar/bookings/:id/cancel", method = "post", operation_id = "bookings_cancel")]
    async fn cancel(
        &self,
        caller: Can<BookingsWrite>,
        id: Path<BookingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Item<Booking>> {
        let done = caller.transaction(async |tx| {
            desk::cancel(tx, id.0, |booking| own(booking).and_then(|()| booking.expect_given(&version))).await
        });
        done.await.map(Item)
    }
}

/// Refuses to change what a module looks after.
pub(in crate::calendar) fn own(booking: &Booking) -> ApiResult<()> {
    match booking.module {
        None => Ok(()),
        Some(_) => Err(ApiError::conflict("of_module", "A module looks after this booking. Change it there.")),
    }
}

/// Refuses to overbook where the caller may not.
pub(in crate::calendar) fn may_overbook(caller: &Can<BookingsWrite>, reason: &Option<Text<500>>) -> ApiResult<()> {
    match reason {
        Some(_) if !caller.allows(&BookingsOverbook::INFO) => Err(ApiError::forbidden(&BookingsOverbook::INFO)),
        _ => Ok(()),
    }
}

//! The operations on series.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{
    NewSeries, Series, SeriesBookings, SeriesCancellation, SeriesMove, book_series, cancel_series, move_series, store,
};
use crate::calendar::bookings::{BookingId, SeriesId, Wanted, may_overbook, own, period};
use crate::calendar::{BookingsWrite, CalendarRead};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Created, IfMatchGiven, Item, Versioned};
use crate::module::Tag;

/// Series.
#[derive(Default)]
pub struct SeriesApi;

#[OpenApi(tag = "Tag::Calendar")]
impl SeriesApi {
    /// Book a series.
    ///
    /// All of its bookings, or none: the problem points at each that is not free, as `/occurrences/3`.
    #[oai(path = "/calendar/series", method = "post", operation_id = "booking_series_create")]
    async fn create(&self, caller: Can<BookingsWrite>, body: Body<NewSeries>) -> ApiResult<Created<Series>> {
        let NewSeries { title, note, starts_at, ends_at, needs, rule, time_zone, overbook_reason } = body.0;
        may_overbook(&caller, &overbook_reason)?;
        let (id, period, by) = (BookingId::new(), period(starts_at, ends_at)?, Some(caller.user()));
        let (hold_minutes, series_id, module) = (None, None, None);
        let first = Wanted { id, title, note, period, needs, hold_minutes, overbook_reason, series_id, module, by };
        let booked = caller.transaction(async |tx| book_series(tx, first, &rule, time_zone).await);
        let (id, time_zone, bookings) = booked.await?;
        Ok(Created::at("/calendar/series", id, Series { id, rule, time_zone, bookings, version: 1 }))
    }

    /// Show a series with its bookings.
    #[oai(path = "/calendar/series/:id", method = "get", operation_id = "booking_series_get")]
    async fn get(&self, caller: Can<CalendarRead>, id: Path<SeriesId>) -> ApiResult<Item<Series>> {
        let found = caller.read_all(async |tx| {
            let (rule, time_zone, version) = tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let bookings = tx.run(store::bookings(id.0)).await?;
            Ok(Series { id: id.0, rule, time_zone, bookings, version })
        });
        found.await.map(Item)
    }

    /// Move a booking, and with it others of its series.
    ///
    /// They move by as many days and hours on the wall as this one. All of them, or none.
    #[oai(path = "/calendar/bookings/:id/move-series", method = "post", operation_id = "bookings_move_series")]
    async fn move_all(
        &self,
        caller: Can<BookingsWrite>,
        id: Path<BookingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<SeriesMove>,
    ) -> ApiResult<Answer<SeriesBookings>> {
        let SeriesMove { which, starts_at, ends_at } = body.0;
        let to = period(starts_at, ends_at)?;
        let moved = caller.transaction(async |tx| {
            move_series(tx, id.0, which, to, |booking| own(booking).and_then(|()| booking.expect_given(&version))).await
        });
        moved.await.map(|items| Answer(SeriesBookings { items }))
    }

    /// Cancel a booking, and with it others of its series.
    ///
    /// Those that are cancelled already stay as they are.
    #[oai(path = "/calendar/bookings/:id/cancel-series", method = "post", operation_id = "bookings_cancel_series")]
    async fn cancel_all(
        &self,
        caller: Can<BookingsWrite>,
        id: Path<BookingId>,
        /// The ETag of the version that was read, where only that one may be.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<SeriesCancellation>,
    ) -> ApiResult<Answer<SeriesBookings>> {
        let done = caller.transaction(async |tx| {
            let seen = |booking: &_| own(booking).and_then(|()| Versioned::expect_given(booking, &version));
            cancel_series(tx, id.0, body.0.which, seen).await
        });
        done.await.map(|items| Answer(SeriesBookings { items }))
    }
}

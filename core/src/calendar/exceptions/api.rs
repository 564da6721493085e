//! The operations on exceptions.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;

use super::{CalendarException, ExceptionFields, ExceptionId, ExceptionKind, NewException, store};
use crate::calendar::bookings::Booking;
use crate::calendar::{CalendarRead, CalendarWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Criteria, Deleted, IfMatchGiven, Item, Page, Versioned,
};
use crate::module::Tag;

/// Bookings that are shown at once.
const MOST: i64 = 500;

/// What stands where it has become closed.
#[derive(Debug, Serialize, Object)]
pub struct Affected {
    /// The bookings, the first of them first; at most 500. Move or cancel these to see others.
    pub items: Vec<Booking>,
}

/// Exceptions.
#[derive(Default)]
pub struct ExceptionsApi;

#[OpenApi(tag = "Tag::Calendar")]
impl ExceptionsApi {
    /// List exceptions.
    #[oai(path = "/calendar/exceptions", method = "get", operation_id = "calendar_exceptions_list")]
    async fn list(
        &self,
        caller: Can<CalendarRead>,
        criteria: Criteria<ExceptionFields>,
    ) -> ApiResult<Answer<Page<CalendarException>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create an exception.
    ///
    /// Bookings that stand in it already stay until somebody moves them: `/calendar/exceptions/{id}/bookings` lists them.
    #[oai(path = "/calendar/exceptions", method = "post", operation_id = "calendar_exceptions_create")]
    async fn create(
        &self,
        caller: Can<CalendarWrite>,
        body: Body<NewException>,
    ) -> ApiResult<Created<CalendarException>> {
        let record = caller.write(store::insert(ExceptionId::new(), body.0.checked()?)).await?;
        Ok(Created::at("/calendar/exceptions", record.id, record))
    }

    /// Show an exception.
    #[oai(path = "/calendar/exceptions/:id", method = "get", operation_id = "calendar_exceptions_get")]
    async fn get(&self, caller: Can<CalendarRead>, id: Path<ExceptionId>) -> ApiResult<Item<CalendarException>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// List the bookings that stand where it has become closed, to be moved or cancelled.
    #[oai(path = "/calendar/exceptions/:id/bookings", method = "get", operation_id = "calendar_exceptions_bookings")]
    async fn bookings(&self, caller: Can<CalendarRead>, id: Path<ExceptionId>) -> ApiResult<Answer<Affected>> {
        let found = caller.read_all(async |tx| {
            let exception = tx.run(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            if exception.kind == ExceptionKind::Open {
                return Ok(Vec::new());
            }
            Ok(tx.run(store::bookings_in(&exception, MOST)).await?)
        });
        Ok(Answer(Affected { items: found.await? }))
    }

    /// Delete an exception.
    #[oai(path = "/calendar/exceptions/:id", method = "delete", operation_id = "calendar_exceptions_delete")]
    async fn delete(
        &self,
        caller: Can<CalendarWrite>,
        id: Path<ExceptionId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let exception = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            exception.expect_given(&version)?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }
}

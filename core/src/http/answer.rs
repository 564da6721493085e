//! Answers: one success status and type per operation, serialised once, from the record to bytes.

use std::cell::RefCell;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{MaybeUndefined, Type};
use serde::Serialize;

use super::change::Change;
use super::if_match::{IfMatch, IfMatchGiven};
use super::problem::{ApiError, Problem};
use crate::module::PREFIX;

/// A record that counts its changes; the count is its ETag.
pub trait Versioned {
    /// Rises by one with each change.
    fn version(&self) -> i64;

    /// Refuses a change that was made on another version than this one.
    ///
    /// # Errors
    /// 412 where somebody else has changed the record.
    fn expect(&self, seen: &IfMatch) -> Result<(), ApiError> {
        if self.version() == seen.0 { Ok(()) } else { Err(ApiError::stale()) }
    }

    /// The same, where the client may leave the version out.
    ///
    /// # Errors
    /// 412 where it gave one and somebody else has changed the record.
    fn expect_given(&self, seen: &IfMatchGiven) -> Result<(), ApiError> {
        seen.0.as_ref().map_or(Ok(()), |seen| self.expect(seen))
    }

    /// The record's version as the header `ETag` has it.
    fn etag(&self) -> String {
        format!("\"{}\"", self.version())
    }
}

/// Changes a field as a PATCH says: left out stays, null clears, a value replaces.
pub fn patch<T>(field: &mut Option<T>, change: MaybeUndefined<T>) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *field = None,
        MaybeUndefined::Value(value) => *field = Some(value),
    }
}

/// Changes a field that may not be empty: left out stays, a value replaces.
pub fn replace<T>(field: &mut T, change: Change<T>) {
    if let Some(value) = change.0 {
        *field = value;
    }
}

/// 200 with any value.
pub struct Answer<T>(pub T);

/// 200 with any value, for whoever has proved with the request's body who they are; otherwise 401.
pub struct Proven<T>(pub T);

/// 200 with a record and its ETag.
pub struct Item<T>(pub T);

/// 201 with a record, its ETag and its address.
pub struct Created<T> {
    record: T,
    location: String,
}

impl<T> Created<T> {
    /// A record, and the path of its collection, as the operations have it: `/contacts`.
    pub fn at(collection: &str, id: impl std::fmt::Display, record: T) -> Self {
        Self { record, location: format!("{PREFIX}{collection}/{id}") }
    }
}

/// 204.
pub struct Deleted;

thread_local! {
    // Kept, so that a long answer is not copied from a small room into the next larger one again and again.
    static DRAFT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What a draft may keep; a page of fifty records is some 20 kB.
const DRAFT_KEPT: usize = 128 * 1024;

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let written = DRAFT.with_borrow_mut(|draft| {
        draft.clear();
        draft.shrink_to(DRAFT_KEPT);
        serde_json::to_writer(&mut *draft, value).map(|()| Bytes::copy_from_slice(draft))
    });
    match written {
        Ok(body) => Response::builder().status(status).content_type("application/json").body(body),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an answer cannot be serialised");
            ApiError::internal().into_response()
        }
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn meta<T: Type>(status: u16, headers: &[(&str, &str)]) -> MetaResponses {
    let headers = headers.iter().map(|(name, description)| MetaHeader {
        name: (*name).to_owned(),
        description: Some((*description).to_owned()),
        required: true,
        deprecated: false,
        schema: String::schema_ref(),
    });
    let content = MetaMediaType { content_type: "application/json", schema: T::schema_ref() };
    response_meta(status, vec![content], headers.collect())
}

fn response_meta(status: u16, content: Vec<MetaMediaType>, headers: Vec<MetaHeader>) -> MetaResponses {
    let description = match status {
        201 => "Created.",
        202 => "Accepted.",
        204 => "Done.",
        _ => "The answer.",
    };
    MetaResponses {
        responses: vec![MetaResponse { description, status: Some(status), status_range: None, content, headers }],
    }
}

const ETAG: (&str, &str) = ("ETag", "The record's version, for If-Match.");
const LOCATION: (&str, &str) = ("Location", "The address of the new record.");

impl<T: Serialize + Type> ApiResponse for Answer<T> {
    fn meta() -> MetaResponses {
        meta::<T>(200, &[])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl<T: Serialize + Type> ApiResponse for Proven<T> {
    fn meta() -> MetaResponses {
        let mut meta = meta::<T>(200, &[]);
        meta.responses.push(MetaResponse {
            description: "What should prove who you are does not.",
            status: Some(401),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/problem+json", schema: Problem::schema_ref() }],
            headers: Vec::new(),
        });
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        Problem::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Proven<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl<T: Serialize + Type + Versioned> ApiResponse for Item<T> {
    fn meta() -> MetaResponses {
        meta::<T>(200, &[ETAG])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Versioned + Send> IntoResponse for Item<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::OK, &self.0);
        set(&mut response, header::ETAG, &self.0.etag());
        response
    }
}

impl<T: Serialize + Type + Versioned> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        meta::<T>(201, &[ETAG, LOCATION])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Versioned + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::CREATED, &self.record);
        set(&mut response, header::ETAG, &self.record.etag());
        set(&mut response, header::LOCATION, &self.location);
        response
    }
}

/// 201 with a value that has no address of its own.
pub struct Made<T>(pub T);

impl<T: Serialize + Type> ApiResponse for Made<T> {
    fn meta() -> MetaResponses {
        meta::<T>(201, &[])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        json(StatusCode::CREATED, &self.0)
    }
}

/// 202: it will be done, if it can be.
pub struct Accepted;

impl ApiResponse for Accepted {
    fn meta() -> MetaResponses {
        response_meta(202, Vec::new(), Vec::new())
    }

    fn register(_: &mut Registry) {}
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        StatusCode::ACCEPTED.into_response()
    }
}

impl ApiResponse for Deleted {
    fn meta() -> MetaResponses {
        response_meta(204, Vec::new(), Vec::new())
    }

    fn register(_: &mut Registry) {}
}

impl IntoResponse for Deleted {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

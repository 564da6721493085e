//! Exceptions to hours: leave, holidays, an extra evening.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ExceptionsApi;

use super::resources::ResourceId;
use crate::http::{ApiError, ApiResult, Versioned};
use crate::value::{Moment, Text};
use crate::{choice, criteria, record_id, row};

record_id! {
    /// The id of an exception.
    ExceptionId
}

choice! {
    /// Which way it differs from the hours.
    pub enum ExceptionKind {
        /// It is closed, whatever the hours say.
        Closed = "closed",
        /// It is open, whatever the hours say.
        Open = "open",
    }
}

/// A time in which the hours do not hold.
#[derive(Debug, Clone, Serialize, Object)]
pub struct CalendarException {
    /// Its id.
    pub id: ExceptionId,
    /// The resource; null where it is for all, as a holiday is.
    pub resource_id: Option<ResourceId>,
    /// Which way it differs from the hours. Where one is open and one closed, it is closed.
    pub kind: ExceptionKind,
    /// When it begins.
    pub starts_at: Moment,
    /// When it is over.
    pub ends_at: Moment,
    /// Why.
    pub reason: Option<Text<200>>,
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

row!(CalendarException { id, resource_id, kind, starts_at, ends_at, reason, created_at, updated_at, version });

impl Versioned for CalendarException {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An exception to make.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewException {
    /// The resource; for all where it is left out, as a holiday is.
    resource_id: Option<ResourceId>,
    /// Which way it differs from the hours.
    kind: ExceptionKind,
    /// When it begins.
    starts_at: Moment,
    /// When it is over.
    ends_at: Moment,
    /// Why.
    reason: Option<Text<200>>,
}

impl NewException {
    fn checked(self) -> ApiResult<Self> {
        if self.ends_at <= self.starts_at {
            return Err(ApiError::invalid().at("/ends_at", "has to be later than `starts_at`"));
        }
        Ok(self)
    }
}

criteria! {
    /// What exceptions are listed by.
    pub struct ExceptionFields of CalendarException in "calendar_exceptions" by "-starts_at" {
        /// The resource.
        resource_id: ResourceId => [eq in null];
        /// When it begins.
        starts_at: Moment => [gt gte lt lte], sort timestamptz |exception| OffsetDateTime::from(exception.starts_at);
        /// When it is over.
        ends_at: Moment => [gt gte lt lte], sort timestamptz |exception| OffsetDateTime::from(exception.ends_at);
    }
}

//! What became of each row of a request.

use poem_openapi::Object;
use serde::Serialize;
use uuid::Uuid;

use super::request::RowId;
use crate::http::{ApiError, Problem};

/// What became of the rows, each list in the order of the request's.
#[derive(Debug, Serialize, Object)]
pub struct BulkResults {
    /// Of those to make.
    pub create: Vec<BulkResult>,
    /// Of those to change.
    pub update: Vec<BulkResult>,
    /// Of those to delete.
    pub delete: Vec<BulkResult>,
}

/// What became of a row.
#[derive(Debug, Serialize, Object)]
pub struct BulkResult {
    /// The status that the operation on this record alone would have answered: 201, 200 or 204, or that of the problem.
    pub status: u16,
    /// The record; null where none was made, or where the row names none.
    pub id: Option<RowId>,
    /// Its version, for the next change; null where there is none.
    pub version: Option<i64>,
    /// Why the row was refused; null where it was not. Its pointers begin at the body.
    pub problem: Option<Problem>,
}

impl BulkResult {
    pub(super) fn done(status: u16, id: Uuid, version: Option<i64>) -> Self {
        Self { status, id: Some(id.into()), version, problem: None }
    }

    pub(super) fn refused(id: Option<Uuid>, error: &ApiError) -> Self {
        Self { status: error.status().as_u16(), id: id.map(RowId::from), version: None, problem: Some(error.problem()) }
    }
}

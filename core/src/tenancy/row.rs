//! Rows, whichever connection they came over.

use tokio_postgres::types::FromSql;

use super::error::DbError;
use super::wire::{self, WireRows};

/// What a statement gave back.
pub(crate) enum Rows {
    /// Over a tenant's lane.
    Lane(WireRows),
    /// From the platform's pool.
    Platform(Vec<tokio_postgres::Row>),
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lane(rows) => rows.len(),
            Self::Platform(rows) => rows.len(),
        }
    }

    /// The cells of a row, the first being 0.
    pub(super) fn cells(&self, row: usize) -> Option<Cells<'_>> {
        match self {
            Self::Lane(rows) => rows.cells(row).map(Cells::Lane),
            Self::Platform(rows) => rows.get(row).map(|row| Cells::Platform { row, next: 0 }),
        }
    }
}

/// The cells of a row that were not read yet.
pub(super) enum Cells<'a> {
    Lane(wire::Cells<'a>),
    Platform { row: &'a tokio_postgres::Row, next: usize },
}

impl<'a> Cells<'a> {
    pub(super) fn take<C: FromSql<'a>>(&mut self) -> Result<C, DbError> {
        match self {
            Self::Lane(cells) => cells.take().map_err(DbError::Other),
            Self::Platform { row, next } => {
                let index = *next;
                *next += 1;
                Ok(row.try_get(index)?)
            }
        }
    }

    pub(super) fn skip(&mut self, columns: usize) -> Result<(), DbError> {
        match self {
            Self::Lane(cells) => (0..columns).try_for_each(|_| cells.skip()).map_err(DbError::Other),
            Self::Platform { next, .. } => {
                *next += columns;
                Ok(())
            }
        }
    }
}

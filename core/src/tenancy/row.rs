//! A row, whichever connection it came over.

use tokio_postgres::types::FromSql;

use super::error::DbError;
use super::wire::{self, WireRow};

pub(crate) enum Row {
    /// From a tenant's lane.
    Lane(WireRow),
    /// From the platform's pool.
    Platform(tokio_postgres::Row),
}

impl Row {
    pub(super) fn cells(&self) -> Cells<'_> {
        match self {
            Self::Lane(row) => Cells::Lane(row.cells()),
            Self::Platform(row) => Cells::Platform { row, next: 0 },
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
}

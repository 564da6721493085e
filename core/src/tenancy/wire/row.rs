//! Rows as they came over the wire.

use std::sync::Arc;

use postgres_protocol::message::backend::DataRowBody;
use tokio_postgres::types::{FromSql, Type, WrongType};

/// The rows of one answer, with the types of their columns.
pub(crate) struct WireRows {
    types: Arc<[Type]>,
    bodies: Vec<DataRowBody>,
}

impl WireRows {
    pub(super) fn new(types: Arc<[Type]>) -> Self {
        Self { types, bodies: Vec::new() }
    }

    pub(super) fn push(&mut self, body: DataRowBody) {
        self.bodies.push(body);
    }

    pub(crate) fn len(&self) -> usize {
        self.bodies.len()
    }

    pub(crate) fn cells(&self, row: usize) -> Option<Cells<'_>> {
        self.bodies.get(row).map(|body| Cells { types: &self.types, rest: body.buffer() })
    }
}

/// A cell of whichever type that nobody reads.
struct Skipped;

impl<'a> FromSql<'a> for Skipped {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self)
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The cells of a row that were not read yet.
pub(crate) struct Cells<'a> {
    types: &'a [Type],
    rest: &'a [u8],
}

impl<'a> Cells<'a> {
    pub(crate) fn take<C: FromSql<'a>>(&mut self) -> Result<C, Box<dyn std::error::Error + Send + Sync>> {
        let (ty, types) = self.types.split_first().ok_or("a row has fewer columns than its type has fields")?;
        self.types = types;
        let raw = self.raw().ok_or("a row is cut off")?;
        if !C::accepts(ty) {
            return Err(Box::new(WrongType::new::<C>(ty.clone())));
        }
        C::from_sql_nullable(ty, raw)
    }

    pub(crate) fn skip(&mut self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.take::<Skipped>().map(|Skipped| ())
    }

    /// A cell is its length in four bytes, or -1 for NULL, and then its bytes.
    fn raw(&mut self) -> Option<Option<&'a [u8]>> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            self.rest = rest;
            return Some(None);
        };
        let (cell, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Some(cell))
    }
}

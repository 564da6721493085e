//! A statement: checked SQL, its parameters, and how its rows become a value. It runs nothing by itself.

use tokio_postgres::types::{FromSql, ToSql};

use super::error::DbError;
use super::owned::Unowned;
use super::refusal::Refusal;
use super::row::{Cells, Rows};
use super::sql::{Fragment, Sql};

/// A parameter of a statement.
pub type Param = Box<dyn ToSql + Sync + Send>;

type Reader<T> = Box<dyn FnOnce(Rows) -> Result<T, DbError> + Send>;

/// What a store function returns: a description of one statement and of its result.
///
/// A caller runs it ([`Can::read`](crate::http::Can::read), …), so module code never holds a connection,
/// and a single statement travels in one round trip together with everything that guards it.
#[must_use = "a statement does nothing until a caller runs it"]
pub struct Statement<T> {
    pub(crate) sql: Sql,
    pub(crate) params: Vec<Param>,
    pub(crate) read: Reader<T>,
    pub(crate) refusals: Vec<(&'static str, Refusal)>,
}

impl<T: 'static> Statement<T> {
    /// Changes what comes back.
    pub fn map<U>(self, change: impl FnOnce(T) -> U + Send + 'static) -> Statement<U> {
        let read = self.read;
        let read = Box::new(move |rows| read(rows).map(change));
        Statement { sql: self.sql, params: self.params, read, refusals: self.refusals }
    }

    /// Says what it means when the constraint of this name refuses the statement.
    pub fn refused_by(mut self, constraint: &'static str, meaning: Refusal) -> Self {
        self.refusals.push((constraint, meaning));
        self
    }
}

/// A type that is read from the columns it names.
pub trait FromRow: Sized + 'static {
    /// The columns, comma-separated, in the order in which [`FromRow::from_columns`] takes them.
    const COLUMNS: &'static str;

    /// Reads the value.
    fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError>;
}

/// The columns of one row, taken from left to right.
pub struct Columns<'a>(Cells<'a>);

impl Columns<'_> {
    /// The next column.
    ///
    /// # Errors
    /// Where the column is missing or of another type than the field.
    pub fn take<C: for<'c> FromSql<'c>>(&mut self) -> Result<C, DbError> {
        self.0.take()
    }

    /// Passes over columns that say nothing in this row.
    ///
    /// # Errors
    /// Where there are not so many.
    pub fn skip(&mut self, columns: usize) -> Result<(), DbError> {
        self.0.skip(columns)
    }
}

fn all<T: FromRow>(rows: &Rows) -> Result<Vec<T>, DbError> {
    let mut records = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        records.push(from_row(rows, row).unwrap_or(Err(DbError::NoRow))?);
    }
    Ok(records)
}

fn from_row<T: FromRow>(rows: &Rows, row: usize) -> Option<Result<T, DbError>> {
    rows.cells(row).map(|cells| T::from_columns(&mut Columns(cells)))
}

/// SQL that may get parameters, and does not say yet what comes back.
#[must_use = "a statement does nothing until a caller runs it"]
pub struct Query {
    sql: Sql,
    params: Vec<Param>,
}

/// Starts `SELECT <the columns of T>`; `tail` goes on with `FROM`.
///
/// Records that have an owner are selected by [`owned`](super::owned) instead.
pub fn select<T: Unowned>(tail: Fragment) -> Query {
    let mut sql = Sql::from(Fragment::new("SELECT"));
    sql.push_trusted(T::COLUMNS);
    sql.push(tail);
    Query { sql, params: Vec::new() }
}

/// Starts a statement that is written out in full.
pub fn statement(sql: Fragment) -> Query {
    Query { sql: sql.into(), params: Vec::new() }
}

impl Query {
    /// Binds the next parameter: `$1`, then `$2`, …
    pub fn bind(mut self, value: impl ToSql + Sync + Send + 'static) -> Self {
        self.params.push(Box::new(value));
        self
    }

    /// The statement as a table of another one, whose own parameters come behind, as `$1`, `$2`, … of it.
    pub(crate) fn into_table(self, name: Fragment, of: Fragment) -> Self {
        let mut sql = Sql::from(Fragment::new("WITH"));
        sql.push(name);
        sql.push_trusted("AS (");
        sql.append(&self.sql);
        sql.push_trusted(")");
        sql.push_numbered(of, self.params.len());
        Self { sql, params: self.params }
    }

    pub(crate) fn new(sql: Sql, params: Vec<Param>) -> Self {
        Self { sql, params }
    }

    /// The one row that a change gives back.
    pub(super) fn returning<T: FromRow>(mut self, none: impl FnOnce() -> DbError + Send + 'static) -> Statement<T> {
        self.sql.push_trusted("RETURNING");
        self.sql.push_trusted(T::COLUMNS);
        self.first(none)
    }

    /// At most one row.
    pub fn optional<T: Unowned>(self) -> Statement<Option<T>> {
        self.found()
    }

    /// Exactly one row.
    pub fn one<T: Unowned>(self) -> Statement<T> {
        self.first(|| DbError::NoRow)
    }

    /// All rows.
    pub fn many<T: Unowned>(self) -> Statement<Vec<T>> {
        self.all()
    }

    pub(super) fn found<T: FromRow>(self) -> Statement<Option<T>> {
        self.with(|rows| from_row(&rows, 0).transpose())
    }

    /// One row, or what it means that there is none.
    pub(super) fn first<T: FromRow>(self, none: impl FnOnce() -> DbError + Send + 'static) -> Statement<T> {
        self.with(|rows| from_row(&rows, 0).unwrap_or_else(|| Err(none())))
    }

    pub(super) fn all<T: FromRow>(self) -> Statement<Vec<T>> {
        self.with(|rows| all(&rows))
    }

    /// Whether any row came back; for `… RETURNING 1`.
    pub fn any(self) -> Statement<bool> {
        self.with(|rows| Ok(rows.len() > 0))
    }

    /// Rows of no interest.
    pub fn done(self) -> Statement<()> {
        self.with(|_| Ok(()))
    }

    fn with<T>(self, read: impl FnOnce(Rows) -> Result<T, DbError> + Send + 'static) -> Statement<T> {
        Statement { sql: self.sql, params: self.params, read: Box::new(read), refusals: Vec::new() }
    }
}

/// Says once which columns a type is read from; the list of columns and the reading are made of it.
///
/// ```
/// use tenantry_core::{row, tenancy::FromRow};
/// struct Tag { id: i64, name: String }
/// row!(Tag { id, name });
/// assert_eq!(Tag::COLUMNS, "id, name");
/// ```
/// A field whose column has another name says so: `row!(Property { id, kind = "type" })`.
#[macro_export]
macro_rules! row {
    (@read $type:ty { $first:ident $(= $first_column:literal)? $(, $field:ident $(= $column:literal)?)* $(,)? }) => {
        impl $crate::tenancy::FromRow for $type {
            const COLUMNS: &'static str = concat!(
                $crate::row!(@column $first $(= $first_column)?)
                $(, ", ", $crate::row!(@column $field $(= $column)?))*
            );

            fn from_columns(
                columns: &mut $crate::tenancy::Columns<'_>,
            ) -> ::std::result::Result<Self, $crate::tenancy::DbError> {
                Ok(Self { $first: columns.take()? $(, $field: columns.take()?)* })
            }
        }
    };
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident = $column:literal) => { $column };
    ($type:ty { $($fields:tt)+ }) => {
        $crate::row!(@read $type { $($fields)+ });
        impl $crate::tenancy::Unowned for $type {}
    };
}

macro_rules! tuple_row {
    ($($name:ident),+) => {
        impl<$($name: for<'c> FromSql<'c> + 'static),+> FromRow for ($($name,)+) {
            /// A tuple has no names: it is for statements that are written out in full.
            const COLUMNS: &'static str = "";

            fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError> {
                Ok(($(columns.take::<$name>()?,)+))
            }
        }

        impl<$($name: for<'c> FromSql<'c> + 'static),+> Unowned for ($($name,)+) {}
    };
}
tuple_row!(A);
tuple_row!(A, B);
tuple_row!(A, B, C);
tuple_row!(A, B, C, D);

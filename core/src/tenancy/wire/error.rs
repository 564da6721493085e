//! What can go wrong on the wire.

use std::io;

use postgres_protocol::message::backend::ErrorResponseBody;
use tokio_postgres::error::DbError as DriverError;
use tokio_postgres::fallible_iterator::FallibleIterator as _;

/// What PostgreSQL said instead of an answer. Its own words may quote a row, so they are shown to nobody but
/// [`diagnosis`](crate::tenancy::DbError::diagnosis), which chooses.
#[derive(Clone, Debug, Default, thiserror::Error)]
#[error("SQLSTATE {code}")]
pub struct ServerError {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) constraint: Option<String>,
    pub(crate) routine: Option<String>,
}

impl ServerError {
    pub(super) fn read(body: &ErrorResponseBody) -> Self {
        let mut error = Self::default();
        let mut fields = body.fields();
        while let Ok(Some(field)) = fields.next() {
            let text = || String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'C' => error.code = text(),
                b'M' => error.message = text(),
                b'n' => error.constraint = Some(text()),
                b'R' => error.routine = Some(text()),
                _ => {}
            }
        }
        error
    }
}

impl From<&DriverError> for ServerError {
    fn from(error: &DriverError) -> Self {
        Self {
            code: error.code().code().to_owned(),
            message: error.message().to_owned(),
            constraint: error.constraint().map(str::to_owned),
            routine: error.routine().map(str::to_owned),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("the server refused")]
    Server(#[source] ServerError),
    #[error("the connection failed")]
    Io(#[from] io::Error),
    #[error("the connection could not be opened")]
    Greeting(#[from] tokio_postgres::Error),
    /// A statement of ours that cannot be sent or read as it is written.
    #[error("a statement and its values do not fit")]
    Misfit(#[source] Box<dyn std::error::Error + Send + Sync>),
}

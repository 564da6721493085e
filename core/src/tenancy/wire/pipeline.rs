//! What is sent: messages are collected and leave together.

use std::io;
use std::sync::Arc;

use bytes::{Buf as _, BytesMut};
use postgres_protocol::IsNull;
use postgres_protocol::message::frontend;
use tokio::io::AsyncWriteExt as _;
use tokio_postgres::types::{IsNull as SqlNull, ToSql, Type};

use super::connect::Stream;
use super::error::WireError;

/// A statement that the server has analysed under a name.
pub(crate) struct Prepared {
    pub(super) name: String,
    pub(super) params: Vec<Type>,
    pub(super) columns: Arc<[Type]>,
}

/// A connection. Messages wait in it until [`Wire::send`]; answers are read in the order of the messages.
///
/// It stays usable where a future is dropped in the middle: it knows what was sent and what is still to come.
pub(crate) struct Wire {
    pub(super) stream: Box<dyn Stream>,
    pub(super) out: BytesMut,
    pub(super) inbox: BytesMut,
    /// Statements whose answers were not read yet.
    pub(super) unread: usize,
    /// `Sync`s and queries whose end was not read yet.
    pub(super) pending: usize,
    /// Whether there are messages behind the last `Sync`: the server waits for more after an error.
    pub(super) open: bool,
    /// Whether the server is outside of any transaction.
    pub(super) idle: bool,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let (out, inbox) = (BytesMut::with_capacity(1024), BytesMut::new());
        Self { stream, out, inbox, unread: 0, pending: 0, open: false, idle: true }
    }

    /// Whether nothing is under way and no transaction is open.
    pub(crate) fn is_clean(&self) -> bool {
        self.idle && self.pending == 0 && !self.open
    }

    /// Has a statement run with these values.
    pub(crate) fn execute<'a>(
        &mut self,
        statement: &Prepared,
        values: impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)>,
    ) -> Result<(), WireError> {
        let (given, wanted) = (values.len(), statement.params.len());
        if given != wanted {
            return Err(WireError::Misfit(format!("{given} values for {wanted} parameters").into()));
        }
        let mark = self.out.len();
        self.bind(statement, values).inspect_err(|_| self.out.truncate(mark))
    }

    fn bind<'a>(
        &mut self,
        statement: &Prepared,
        values: impl Iterator<Item = &'a (dyn ToSql + Sync)>,
    ) -> Result<(), WireError> {
        let encode = |(value, ty): (&(dyn ToSql + Sync), &Type), out: &mut BytesMut| {
            value.to_sql_checked(ty, out).map(|null| match null {
                SqlNull::Yes => IsNull::Yes,
                SqlNull::No => IsNull::No,
            })
        };
        let formats = statement.columns.iter().map(format);
        frontend::bind("", &statement.name, Some(1), values.zip(&statement.params), encode, formats, &mut self.out)
            .map_err(|error| match error {
                frontend::BindError::Conversion(error) => WireError::Misfit(error),
                frontend::BindError::Serialization(error) => WireError::Misfit(error.into()),
            })?;
        frontend::execute("", 0, &mut self.out)?;
        (self.unread, self.open) = (self.unread + 1, true);
        Ok(())
    }

    /// Has a statement without values and without a name run, such as `COMMIT`.
    pub(crate) fn command(&mut self, sql: &'static str) -> Result<(), WireError> {
        frontend::parse("", sql, None, &mut self.out)?;
        let nameless = Prepared { name: String::new(), params: Vec::new(), columns: Arc::from([]) };
        self.execute(&nameless, std::iter::empty())
    }

    /// Ends a flight: what ran outside of `BEGIN` is committed, an error before it has undone it.
    pub(crate) async fn sync(&mut self) -> Result<(), WireError> {
        self.end_flight();
        Ok(self.send().await?)
    }

    pub(super) fn end_flight(&mut self) {
        frontend::sync(&mut self.out);
        (self.pending, self.open) = (self.pending + 1, false);
    }

    /// Forgets a statement at the server, with the next flight.
    pub(crate) fn close(&mut self, statement: &Prepared) -> Result<(), WireError> {
        Ok(frontend::close(b'S', &statement.name, &mut self.out)?)
    }

    /// Runs statements without values in one simple query.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), WireError> {
        frontend::query(sql, &mut self.out)?;
        self.pending += 1;
        self.send().await?;
        self.ready().await
    }

    /// Has a statement analysed, and waits for what it takes and gives. What was collected before runs first.
    pub(crate) async fn prepare(&mut self, name: String, sql: &str) -> Result<Prepared, WireError> {
        frontend::parse(&name, sql, None, &mut self.out)?;
        frontend::describe(b'S', &name, &mut self.out)?;
        frontend::flush(&mut self.out);
        self.open = true;
        self.send().await?;
        self.catch_up(0).await?;
        let (params, columns) = self.described().await?;
        Ok(Prepared { name, params, columns: columns.into() })
    }

    /// Makes the connection clean again, whatever was under way.
    pub(crate) async fn recover(&mut self) -> Result<(), WireError> {
        if self.open {
            self.end_flight();
        }
        self.send().await?;
        while self.pending > 0 {
            // Whatever went wrong, it is over now.
            match self.ready().await {
                Ok(()) | Err(WireError::Server(_)) => {}
                Err(lost) => return Err(lost),
            }
        }
        if self.idle { Ok(()) } else { self.batch("ROLLBACK").await }
    }

    /// What was written is no longer in `out`, so that a dropped future leaves the rest to whoever comes next.
    pub(super) async fn send(&mut self) -> io::Result<()> {
        while self.out.has_remaining() {
            let written = self.stream.write(&self.out).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.out.advance(written);
        }
        self.stream.flush().await
    }
}

/// Binary, but for text: that is the same bytes either way, and PostgreSQL has less to do for it as text.
fn format(column: &Type) -> i16 {
    i16::from(![Type::TEXT, Type::VARCHAR].contains(column))
}

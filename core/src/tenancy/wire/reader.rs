//! What is read: the answers, in the order of what was sent.

use std::io;

use futures_util::FutureExt as _;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use tokio::io::AsyncReadExt as _;
use tokio_postgres::fallible_iterator::FallibleIterator as _;
use tokio_postgres::types::{Oid, Type};

use super::error::{ServerError, WireError};
use super::pipeline::{Prepared, Wire};
use super::row::WireRows;

/// Room for an answer of fifty rows, so that it seldom takes two reads.
const INBOX: usize = 16 * 1024;

impl Wire {
    /// The rows of the next statement.
    pub(crate) async fn rows(&mut self, statement: &Prepared) -> Result<WireRows, WireError> {
        let mut rows = WireRows::new(statement.columns.clone());
        loop {
            match self.message().await? {
                Message::DataRow(body) => rows.push(body),
                Message::CommandComplete(_) | Message::EmptyQueryResponse => break,
                Message::ErrorResponse(body) => return Err(self.failed(&body).await),
                _ => {}
            }
        }
        self.unread = self.unread.saturating_sub(1);
        Ok(rows)
    }

    /// Reads the answers to all statements but the last `keep`, whose rows are of no interest.
    pub(crate) async fn catch_up(&mut self, keep: usize) -> Result<(), WireError> {
        while self.unread > keep {
            match self.message().await? {
                Message::CommandComplete(_) | Message::EmptyQueryResponse => self.unread -= 1,
                Message::ErrorResponse(body) => return Err(self.failed(&body).await),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads to the end of a flight. An error that shows only there, such as a deferred constraint, has undone it.
    pub(crate) async fn ready(&mut self) -> Result<(), WireError> {
        let mut refused = None;
        loop {
            match self.message().await? {
                Message::ErrorResponse(body) => refused = refused.or_else(|| Some(ServerError::read(&body))),
                Message::ReadyForQuery(body) => {
                    self.pending = self.pending.saturating_sub(1);
                    self.idle = body.status() == b'I';
                    self.unread = 0;
                    return refused.map_or(Ok(()), |error| Err(WireError::Server(error)));
                }
                _ => {}
            }
        }
    }

    /// What a statement takes and gives.
    pub(super) async fn described(&mut self) -> Result<(Vec<Type>, Vec<Type>), WireError> {
        let mut params = Vec::new();
        loop {
            match self.message().await? {
                Message::ParameterDescription(body) => {
                    params = body.parameters().map(|oid| Ok(known(oid))).collect::<Vec<_>>()?;
                }
                Message::RowDescription(body) => {
                    let columns = body.fields().map(|field| Ok(known(field.type_oid()))).collect::<Vec<_>>()?;
                    return Ok((all(params)?, all(columns)?));
                }
                Message::NoData => return Ok((all(params)?, Vec::new())),
                Message::ErrorResponse(body) => return Err(self.failed(&body).await),
                _ => {}
            }
        }
    }

    /// After an error the server skips everything up to the next `Sync`; so does this.
    async fn failed(&mut self, body: &ErrorResponseBody) -> WireError {
        let error = ServerError::read(body);
        if self.open {
            self.end_flight();
            if let Err(error) = self.send().await {
                return error.into();
            }
        }
        match self.ready().await {
            Ok(()) | Err(WireError::Server(_)) => WireError::Server(error),
            Err(lost) => lost,
        }
    }

    async fn message(&mut self) -> Result<Message, WireError> {
        loop {
            if let Some(message) = Message::parse(&mut self.inbox)? {
                return Ok(message);
            }
            self.make_room();
            if self.stream.read_buf(&mut self.inbox).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
    }

    /// Rows that were read hold on to the memory they came in, so new room is taken only where little is left.
    fn make_room(&mut self) {
        if self.inbox.capacity() - self.inbox.len() < INBOX / 8 {
            self.inbox.reserve(INBOX);
        }
    }

    /// Whether the server has hung up. Nobody reads while nothing is under way, so this looks.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.make_room();
        match self.stream.read_buf(&mut self.inbox).now_or_never() {
            None => false,
            // A notice; it is skipped by whoever reads next.
            Some(Ok(read)) => read == 0,
            Some(Err(_)) => true,
        }
    }
}

/// Tenants have no types of their own, so PostgreSQL's are all there are.
fn known(oid: Oid) -> Option<Type> {
    Type::from_oid(oid)
}

fn all(types: Vec<Option<Type>>) -> Result<Vec<Type>, WireError> {
    let types = types.into_iter().collect::<Option<Vec<_>>>();
    types.ok_or_else(|| WireError::Misfit("a column or parameter has a type that PostgreSQL does not come with".into()))
}

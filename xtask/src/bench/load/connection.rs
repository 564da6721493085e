//! A keep-alive connection that understands as much of HTTP/1.1 as the server sends: a status and a content-length.

use std::net::SocketAddr;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// One client's connection.
pub(crate) struct Connection {
    stream: TcpStream,
    received: BytesMut,
}

/// An answer, as it stands in the connection's buffer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: BytesMut,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: BytesMut::with_capacity(64 * 1024) })
    }

    /// Sends a request that is written out and waits for its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Outcome<Answer> {
        self.stream.write_all(request).await?;
        let (status, head, length) = loop {
            self.receive().await?;
            if let Some(end) = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = self.received.get(..end).unwrap_or_default();
                let status = status(head).ok_or("an answer without a status")?;
                break (status, end + 4, length(head).ok_or("an answer without a length")?);
            }
        };
        while self.received.len() < head + length {
            self.receive().await?;
        }
        let mut answer = self.received.split_to(head + length);
        Ok(Answer { status, body: answer.split_off(head) })
    }

    async fn receive(&mut self) -> Outcome<()> {
        self.received.reserve(16 * 1024);
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err("the server closed a connection".into()),
            _ => Ok(()),
        }
    }
}

/// `HTTP/1.1 200 OK`
fn status(head: &[u8]) -> Option<u16> {
    std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()
}

fn length(head: &[u8]) -> Option<usize> {
    let line = |line: &[u8]| {
        let (name, value) = line.split_at_checked(16)?;
        let value = name.eq_ignore_ascii_case(b"content-length: ").then_some(value)?;
        std::str::from_utf8(value).ok()?.trim().parse().ok()
    };
    head.split(|byte| *byte == b'\n').find_map(line)
}

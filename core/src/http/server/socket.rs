//! The socket of a connection: it notes what happens on it, and closes so that the last answer arrives.

use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::accept::Place;
use super::pulse::Pulse;

/// How long what the client still sends is thrown away after a refusal. To close at once would reset the
/// connection, and the client would lose the answer.
const LINGER: Duration = Duration::from_secs(1);

/// A socket that tells its pulse what happens on it.
pub(super) struct Socket<P> {
    stream: TcpStream,
    pulse: P,
    /// Given back when the socket closes, whichever protocol it speaks by then.
    _place: Place,
    lingering: Option<Pin<Box<Sleep>>>,
}

impl<P: Deref<Target = Pulse> + Unpin> Socket<P> {
    pub(super) fn new(stream: TcpStream, pulse: P, place: Place) -> Self {
        Self { stream, pulse, _place: place, lingering: None }
    }

    fn note(&self, written: Poll<std::io::Result<usize>>) -> Poll<std::io::Result<usize>> {
        match written {
            Poll::Ready(_) => self.pulse.sent(),
            Poll::Pending => self.pulse.blocked(),
        }
        written
    }

    fn discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self.lingering.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        let mut scratch = [0; 8192];
        while timer.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(())
    }
}

impl<P: Deref<Target = Pulse> + Unpin> AsyncRead for Socket<P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_ready() && buffer.filled().len() > before {
            self.pulse.received();
        }
        read
    }
}

impl<P: Deref<Target = Pulse> + Unpin> AsyncWrite for Socket<P> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        if self.pulse.lingers() {
            ready!(self.discard(cx));
        }
        Poll::Ready(Ok(()))
    }
}

//! The loop that accepts connections, at most so many at once, and its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONNECTION;
use http::uri::Scheme;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use metrics::{Counter, Gauge, counter, gauge};
use poem::Endpoint;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::observe::metrics_handle;
use super::pulse::Pulse;
use super::socket::Socket;
use crate::config::HttpConfig;

/// How the serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Connections that had still something in flight when the grace was over.
    pub aborted: usize,
}

/// Serves until `stop` resolves, then finishes what is in flight within `config.shutdown_grace`.
///
/// Connections over the limit wait in the listener's queue. Each that is slow is cut in time, so their turn comes.
pub async fn serve<E: Endpoint + 'static>(
    listener: TcpListener,
    app: E,
    config: &HttpConfig,
    stop: impl Future<Output = ()>,
) -> Served {
    let server = Arc::new(Server::new(app, &listener, config));
    let graceful = GracefulShutdown::new();
    let (abort, told) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = server.accept(&listener) => accepted,
        };
        tokio::spawn(Arc::clone(&server).run(accepted, graceful.watcher(), told.clone()));
    }
    drop(listener);
    if tokio::time::timeout(config.shutdown_grace, graceful.shutdown()).await.is_ok() {
        return Served { aborted: 0 };
    }
    let aborted = server.open();
    tracing::warn!(connections = aborted, "cut off what was still in flight");
    let _ = abort.send(());
    // Until their handlers are dropped, and with them what they hold of the database.
    let all = u32::try_from(server.capacity).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(Duration::from_secs(1), server.slots.acquire_many(all)).await;
    Served { aborted }
}

struct Server<E> {
    app: E,
    hyper: Builder<TokioExecutor>,
    local: LocalAddr,
    capacity: usize,
    slots: Arc<Semaphore>,
    header_timeout: Duration,
    write_timeout: Duration,
    connections: Counter,
    open: Gauge,
}

struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    slot: OwnedSemaphorePermit,
}

impl<E: Endpoint + 'static> Server<E> {
    fn new(app: E, listener: &TcpListener, config: &HttpConfig) -> Self {
        let _ = metrics_handle();
        let capacity = config.max_connections.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            app,
            hyper: hyper(),
            local: LocalAddr(listener.local_addr().map(Into::into).unwrap_or_default()),
            capacity,
            slots: Arc::new(Semaphore::new(capacity)),
            header_timeout: config.header_timeout,
            write_timeout: config.body_timeout,
            connections: counter!("tenantry_http_connections_total"),
            open: gauge!("tenantry_http_connections_open"),
        }
    }

    fn open(&self) -> usize {
        self.capacity.saturating_sub(self.slots.available_permits())
    }

    /// The next connection. Errors never end it: they are the client's, or pass when files are closed again.
    async fn accept(&self, listener: &TcpListener) -> Accepted {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
            // The semaphore is never closed.
            return std::future::pending().await;
        };
        let mut pause = Duration::from_millis(50);
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Accepted { stream, peer, slot },
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot accept connections for now");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
            }
        }
    }

    async fn run(self: Arc<Self>, accepted: Accepted, watcher: Watcher, mut told: watch::Receiver<()>) {
        let Accepted { stream, peer, slot } = accepted;
        let place = Place { _slot: slot, _open: Open::new(&self) };
        // Answers are written whole; waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let pulse = Arc::new(Pulse::new());
        let socket = TokioIo::new(Socket::new(stream, Arc::clone(&pulse), place));
        let service = {
            let (server, pulse) = (Arc::clone(&self), Arc::clone(&pulse));
            service_fn(move |request| {
                let (server, pulse) = (Arc::clone(&server), Arc::clone(&pulse));
                async move { Ok::<_, Infallible>(server.answer(request, peer, &pulse).await) }
            })
        };
        let connection = watcher.watch(self.hyper.serve_connection_with_upgrades(socket, service));
        tokio::select! {
            ended = connection => if let Err(error) = ended {
                tracing::debug!(error = error.as_ref() as &dyn std::error::Error, "a connection ended early");
            },
            what = pulse.expired(self.header_timeout, self.write_timeout) => {
                tracing::debug!(what, "a connection was closed that waited too long");
            }
            _ = told.changed() => {}
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        pulse: &Pulse,
    ) -> Response<impl hyper::body::Body<Data = bytes::Bytes, Error = std::io::Error> + use<E>> {
        let _running = pulse.request(request.version() == Version::HTTP_2);
        let request = (request, self.local.clone(), RemoteAddr(peer.into()), Scheme::HTTP).into();
        // hyper keeps the room of this function's future for as long as the connection: what is in this box it does not.
        let response = Box::pin(self.app.get_response(request)).await;
        if response.headers().contains_key(CONNECTION) {
            pulse.linger();
        }
        let response: Response<_> = response.into();
        response
    }
}

/// A connection's place among those that may be open.
pub(super) struct Place {
    _slot: OwnedSemaphorePermit,
    _open: Open,
}

/// An open connection in the metrics.
struct Open(Gauge);

impl Open {
    fn new<E>(server: &Server<E>) -> Self {
        server.connections.increment(1);
        server.open.increment(1.0);
        Self(server.open.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// hyper's limits lie above the edge's, so that it is the edge that refuses, and with a problem.
fn hyper() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // `Pulse` times heads: hyper's clock would also close what is idle after that time, under the hands of proxies.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(64 * 1024);
    // No pings: a peer that is gone is idle, and the idle are closed.
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64).max_header_list_size(32 * 1024);
    builder
}

fn is_of_the_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

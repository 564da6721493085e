//! One connection: what it is waiting for, and since when. hyper has a time limit for heads only, counts idle time
//! towards it, and has none before it knows the protocol, for idle HTTP/2, or for a client that does not read.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::time::{Duration, Instant};

/// How long a connection may be silent between requests. Above the 60 s that proxies commonly keep one.
const IDLE: Duration = Duration::from_secs(75);
const NEVER: u64 = u64::MAX;

/// What a connection is waiting for; times are milliseconds since it began.
pub(super) struct Pulse {
    began: Instant,
    requests: AtomicUsize,
    /// Bytes went either way.
    alive: AtomicU64,
    /// The first byte of a head that is not complete.
    head: AtomicU64,
    /// The client takes no more of an answer.
    stuck: AtomicU64,
    http2: AtomicBool,
    lingers: AtomicBool,
}

impl Pulse {
    /// The first head is due from the start, whatever the protocol.
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            requests: AtomicUsize::new(0),
            alive: AtomicU64::new(0),
            head: AtomicU64::new(0),
            stuck: AtomicU64::new(NEVER),
            http2: AtomicBool::new(false),
            lingers: AtomicBool::new(false),
        }
    }

    /// Counts a request until what it returns is dropped.
    pub(super) fn request(&self, http2: bool) -> Running<'_> {
        self.http2.store(http2, Relaxed);
        self.requests.fetch_add(1, Relaxed);
        self.head.store(NEVER, Relaxed);
        Running(self)
    }

    /// What is still sent shall be read when the connection closes.
    pub(super) fn linger(&self) {
        self.lingers.store(true, Relaxed);
    }

    pub(super) fn lingers(&self) -> bool {
        self.lingers.load(Relaxed)
    }

    /// Resolves when the connection has waited long enough, with what it waited for.
    pub(super) async fn expired(&self, header_timeout: Duration, write_timeout: Duration) -> &'static str {
        // How late a head can be noticed that begins just after a look.
        let tick = (header_timeout / 8).clamp(Duration::from_millis(10), Duration::from_secs(1));
        let mut wait = header_timeout;
        loop {
            tokio::time::sleep(wait).await;
            let (due, what) = self.due(header_timeout, write_timeout);
            let left = due.saturating_sub(self.began.elapsed());
            if left.is_zero() {
                return what;
            }
            wait = left.min(tick);
        }
    }

    fn due(&self, header_timeout: Duration, write_timeout: Duration) -> (Duration, &'static str) {
        let at = |time: &AtomicU64| match time.load(Relaxed) {
            NEVER => None,
            millis => Some(Duration::from_millis(millis)),
        };
        if let Some(stuck) = at(&self.stuck) {
            return (stuck + write_timeout, "the client to read");
        }
        // A handler at work has its own limits.
        if self.requests.load(Relaxed) > 0 {
            return (Duration::MAX, "");
        }
        match at(&self.head) {
            Some(head) => (head + header_timeout, "a request's head"),
            None => (Duration::from_millis(self.alive.load(Relaxed)) + IDLE, "another request"),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(NEVER - 1)
    }

    pub(super) fn received(&self) {
        let now = self.now();
        self.alive.store(now, Relaxed);
        // On HTTP/2 such bytes can be anything, so there only the idle time counts.
        if self.requests.load(Relaxed) == 0 && self.head.load(Relaxed) == NEVER && !self.http2.load(Relaxed) {
            self.head.store(now, Relaxed);
        }
    }

    pub(super) fn sent(&self) {
        self.alive.store(self.now(), Relaxed);
        self.stuck.store(NEVER, Relaxed);
        // Bytes that came during an answer do not start the clock of the next head: the answer may take long. The very
        // first head stays due (0), as HTTP/2 sends its settings before it.
        if self.head.load(Relaxed) != 0 {
            self.head.store(NEVER, Relaxed);
        }
    }

    pub(super) fn blocked(&self) {
        let _ = self.stuck.compare_exchange(NEVER, self.now(), Relaxed, Relaxed);
    }
}

/// A request at work.
pub(super) struct Running<'a>(&'a Pulse);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.alive.store(self.0.now(), Relaxed);
        self.0.requests.fetch_sub(1, Relaxed);
    }
}

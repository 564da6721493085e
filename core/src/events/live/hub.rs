//! The hub of one process: who listens, and who keeps listening to the database for them while anybody does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::StatusCode;
use metrics::{Gauge, gauge};
use tokio::sync::{Semaphore, mpsc, watch};

use super::seats::{Full, Guest, Line, Seats, Taken};
use super::{Batch, Ending, reading, watch as watching};
use crate::config::{Config, LiveConfig};
use crate::http::{ApiError, Quota};
use crate::platform::{Platform, bell};
use crate::tenancy::TenantId;

/// Tenants that are read at once: they share the lanes with requests.
const READINGS: usize = 4;
/// When one who got no seat may try again.
const WAIT: Duration = Duration::from_secs(15);

/// Who listens to events in this process.
pub struct Live {
    seats: Mutex<Seats>,
    limits: LiveConfig,
    most: usize,
    pub(super) turns: Semaphore,
    /// When it was last known who may still listen. None while nobody does.
    pub(super) checked: watch::Sender<Option<Instant>>,
    listeners: watch::Sender<usize>,
    gauge: Gauge,
}

/// A listener's seat; leaving it is dropping this.
pub(super) struct Seat {
    live: Arc<Live>,
    guest: Guest,
    id: u64,
    line: Arc<Line>,
    batches: mpsc::Receiver<Arc<Batch>>,
}

impl Live {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            seats: Mutex::default(),
            limits: config.live.clone(),
            // The others are for requests.
            most: config.http.max_connections - config.http.max_connections / 4,
            turns: Semaphore::new(READINGS),
            checked: watch::Sender::new(None),
            listeners: watch::Sender::new(0),
            gauge: gauge!("tenantry_live_listeners"),
        }
    }

    pub(super) fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat. The first one to do so starts what keeps the hub going.
    pub(super) fn take(self: &Arc<Self>, platform: &Platform, guest: Guest) -> Result<Seat, ApiError> {
        let (taken, must_be_kept) = {
            let mut seats = self.seats();
            let taken = seats.take(guest, &self.limits, self.most).map_err(|full| self.refusal(full))?;
            self.count(&seats);
            (taken, seats.must_be_kept())
        };
        if must_be_kept {
            tokio::spawn(keep(platform.clone()));
        }
        let Taken { id, line, batches } = taken;
        Ok(Seat { live: Arc::clone(self), guest, id, line, batches })
    }

    fn count(&self, seats: &Seats) {
        let count = seats.listeners();
        self.listeners.send_replace(count);
        #[allow(clippy::cast_precision_loss)] // thousands
        self.gauge.set(count as f64);
    }

    fn refusal(&self, full: Full) -> ApiError {
        let (detail, tries) = match full {
            Full::Process => return ApiError::unavailable(WAIT),
            Full::Session => {
                ("This session listens as often as it may. Close another connection of it.", self.limits.per_session)
            }
            Full::Organization => {
                ("This organization listens as often as it may. Close other connections.", self.limits.per_organization)
            }
        };
        let quota = Quota { name: "live", tries: i64::try_from(tries).unwrap_or(i64::MAX), within: WAIT };
        ApiError::too_many("too_many_listeners", "Too many connections that listen", detail, quota, WAIT)
    }

    /// Ends all connections once `stop` resolves, and lets nobody in from then on.
    pub fn until<F: Future<Output = ()>>(self: &Arc<Self>, stop: F) -> impl Future<Output = ()> + use<F> {
        let live = Arc::clone(self);
        async move {
            stop.await;
            live.seats().close();
        }
    }

    /// Waits until nobody is here any more, for a second at most: those who speak the WebSocket protocol are not among the
    /// requests that a server waits for.
    pub async fn ended(&self) {
        let mut listeners = self.listeners.subscribe();
        let gone = listeners.wait_for(|count| *count == 0);
        if tokio::time::timeout(Duration::from_secs(1), gone).await.is_err() {
            tracing::debug!("some who listen do not go");
        }
    }
}

impl Seat {
    pub(super) fn tenant(&self) -> TenantId {
        self.guest.entry.tenant
    }

    /// Why it hears no more from now on, where it does not.
    pub(super) fn is_cut(&self) -> Option<Ending> {
        self.line.ending().filter(|ending| ending.is_at_once())
    }

    /// What is told next. Dropped before that, it has missed nothing.
    pub(super) async fn hear(&mut self) -> Result<Arc<Batch>, Ending> {
        let batch = self.batches.recv().await;
        match (batch, self.line.ending()) {
            (Some(batch), ending) if !ending.is_some_and(Ending::is_at_once) => Ok(batch),
            (_, ending) => Err(ending.unwrap_or(Ending::Stopping)),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.live.seats();
        seats.leave(&self.guest, self.id);
        self.live.count(&seats);
    }
}

/// Hears what was sealed and asks who may still listen, for as long as anybody does.
async fn keep(platform: Platform) {
    let rings = |ring: bell::Ring| {
        let live = platform.live();
        let stale = match &ring {
            bell::Ring::Begun => live.seats().notice_all(),
            bell::Ring::Notice(text) => match parse(text) {
                Some((tenant, position)) => {
                    live.seats().notice(tenant, position);
                    vec![tenant]
                }
                None => Vec::new(),
            },
        };
        stale.into_iter().for_each(|tenant| reading::begin(&platform, tenant));
    };
    let hearing = bell::hear(platform.db().config().clone(), "live", rings);
    tokio::select! {
        () = hearing => {}
        () = watching::keep(&platform) => {}
    }
}

/// A notice: a tenant, and the position that its journal has got to.
fn parse(notice: &str) -> Option<(TenantId, i64)> {
    let (tenant, position) = notice.split_once(' ')?;
    Some((uuid::Uuid::try_parse(tenant).ok()?.into(), position.parse().ok()?))
}

/// 426: only by the WebSocket protocol.
pub(super) fn upgrade_needed() -> ApiError {
    ApiError::new(
        StatusCode::UPGRADE_REQUIRED,
        "upgrade_required",
        "A WebSocket is needed",
        "This address speaks the WebSocket protocol (RFC 6455) over HTTP/1.1. GET /live tells the same as a stream.",
    )
    .with_header(http::header::UPGRADE, http::HeaderValue::from_static("websocket"))
}

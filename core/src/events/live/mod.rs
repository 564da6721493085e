//! Live: events as they happen, to whoever listens, without a connection to the database for anybody of them.
//!
//! - `api.rs`: the operations, as a stream of server-sent events (`sse.rs`), as a WebSocket (`socket.rs`), and the ticket
//!   that opens either where no header can be set;
//! - `listening.rs`: one who listens: first what was missed, read through the door by the listener itself; then what comes;
//! - `hub.rs`: who listens in this process. `reading.rs` reads what is new of a tenant, once for all who listen to it, and
//!   as one of them: there is no entry but a listener's own. `watch.rs` asks each moment who may still listen;
//! - the bell ([`crate::platform`]) rings for what was sealed, by whichever process (`migrations/platform/V25__live.sql`).
//!
//! Nothing is lost and nothing is told twice: a listener takes its seat before it asks where the journal ends, so what is
//! sealed after that is told to the seat, and what was sealed before it is read. What comes both ways is known by its
//! position. A position is only ever given after all smaller ones can be seen.
//!
//! Who listens hears of what their permissions show, and nobody hears of records that are out of their reach: with a role for
//! some records only one cannot listen at all.

mod api;
mod batch;
mod hub;
mod listening;
mod reading;
mod seats;
mod socket;
mod sse;
mod store;
mod watch;

use std::time::Duration;

pub use api::LiveApi;
pub use hub::Live;

use batch::Batch;
use listening::{Listening, Said};

/// The pause after which a sign of life is sent.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Why a listener is told no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The session has ended, its role has changed, or something else that would keep it from signing in.
    Access,
    /// The access token is over.
    Expired,
    /// The listener reads more slowly than things happen.
    Behind,
    /// The server stops.
    Stopping,
    /// What was missed cannot be read for now.
    Unavailable,
}

impl Ending {
    /// For people. All of them can go on where they were told last.
    const fn words(self) -> &'static str {
        match self {
            Self::Access => "access has ended or changed",
            Self::Expired => "the access token has expired",
            Self::Behind => "too far behind; go on from the last id",
            Self::Stopping => "the server stops; go on from the last id",
            Self::Unavailable => "not available for now; go on from the last id",
        }
    }

    /// Whether nothing must be told any more, not even what waits to be.
    const fn is_at_once(self) -> bool {
        matches!(self, Self::Access | Self::Expired)
    }
}

//! One who listens: first to what was missed, then to what comes, each event once and in its order.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use super::batch::Told;
use super::hub::Seat;
use super::seats::Guest;
use super::{Batch, Ending, HEARTBEAT, reading, store};
use crate::events::{EventsListen, EventsRead, FEED_DAYS, feed};
use crate::http::{ApiError, Can, Limit};
use crate::permission::Permission as _;

/// How far back a listener may go on who may not read the feed: as long as a laptop sleeps through a meeting.
const RECENT: i32 = 60;

/// One who listens.
pub(super) struct Listening {
    caller: Can<EventsListen>,
    seat: Seat,
    /// The kinds of records that the caller may see.
    resources: Box<[&'static str]>,
    phase: Phase,
    /// The position that was told last.
    after: i64,
    /// What is told now, and how much of it has been.
    current: Option<(Arc<Batch>, usize)>,
    /// When a sign of life is due.
    quiet_until: Instant,
}

enum Phase {
    /// Nothing was said yet.
    Begin {
        is_reset: bool,
        has_missed: bool,
    },
    Missed,
    CaughtUp,
    Now,
    Over,
}

/// What a listener is told.
pub(super) enum Said {
    /// It is told what comes after this position. Not what it asked for where it is a reset: then it has missed something
    /// that nobody can tell it.
    Begin { position: i64, is_reset: bool },
    /// Something has happened.
    Event(Told),
    /// All that was missed has been told.
    CaughtUp,
    /// Nothing has happened for a while.
    Quiet,
    /// No more.
    Over(Ending),
}

impl Listening {
    /// Lets somebody in who goes on after a position, or begins now.
    pub(super) async fn begin(caller: Can<EventsListen>, after: Option<i64>) -> Result<Self, ApiError> {
        let platform = caller.platform().clone();
        let live = platform.live();
        // The seat first: what is sealed from now on is told to it.
        let (session, role, expires) = (caller.session(), caller.role(), caller.claims().expires());
        let seat = live.take(&platform, Guest { entry: caller.entry(), session, role, expires })?;
        let minutes = if caller.allows(&EventsRead::INFO) { FEED_DAYS * 24 * 60 } else { RECENT };
        let standing = caller.read(store::standing(after, minutes)).await?;
        let is_told_the_rest = live.seats().begin(seat.tenant(), standing.head);
        reading::begin(&platform, seat.tenant());
        let after = after.filter(|_| !standing.broken);
        let has_missed = !is_told_the_rest || after.is_some_and(|after| after < standing.head);
        let resources = platform.modules().events().filter(|source| caller.allows(source.read));
        Ok(Self {
            resources: resources.map(|source| source.resource).collect(),
            caller,
            seat,
            phase: Phase::Begin { is_reset: standing.broken, has_missed },
            after: after.unwrap_or(standing.head),
            current: None,
            quiet_until: Instant::now() + HEARTBEAT,
        })
    }

    /// What is said next. Dropped before that, it has said nothing.
    pub(super) async fn next(&mut self) -> Said {
        let said = self.following().await;
        self.quiet_until = Instant::now() + HEARTBEAT;
        said
    }

    async fn following(&mut self) -> Said {
        loop {
            if let Some(ending) = self.seat.is_cut() {
                return self.over(ending);
            }
            if let Some(told) = self.told() {
                return Said::Event(told);
            }
            match self.phase {
                Phase::Begin { is_reset, has_missed } => {
                    self.phase = if has_missed { Phase::Missed } else { Phase::CaughtUp };
                    return Said::Begin { position: self.after, is_reset };
                }
                // In a box, for it is needed once, and a listener may be here for hours.
                Phase::Missed => match Box::pin(self.missed()).await {
                    Ok(batch) => {
                        if !batch.is_full {
                            self.phase = Phase::CaughtUp;
                        }
                        self.current = Some((Arc::new(batch), 0));
                    }
                    Err(ending) => return self.over(ending),
                },
                Phase::CaughtUp => {
                    self.phase = Phase::Now;
                    return Said::CaughtUp;
                }
                Phase::Now => match timeout_at(self.quiet_until, self.seat.hear()).await {
                    Ok(Ok(batch)) => self.current = Some((batch, 0)),
                    Ok(Err(ending)) => return self.over(ending),
                    Err(_) => return Said::Quiet,
                },
                Phase::Over => return Said::Over(Ending::Stopping),
            }
        }
    }

    fn over(&mut self, ending: Ending) -> Said {
        self.phase = Phase::Over;
        self.current = None;
        Said::Over(ending)
    }

    /// The next event of what is told now that is news to the caller, and that the caller may see.
    fn told(&mut self) -> Option<Told> {
        let (batch, next) = self.current.as_mut()?;
        let news = |told: &&Told| told.position > self.after && self.resources.contains(&told.resource);
        let found = batch.told.iter().enumerate().skip(*next).find(|(_, told)| news(told));
        match found {
            Some((index, told)) => {
                *next = index + 1;
                self.after = told.position;
                Some(told.clone())
            }
            None => {
                self.after = self.after.max(batch.last.unwrap_or_default());
                self.current = None;
                None
            }
        }
    }

    /// A page of what has happened after what was told last, as the caller.
    async fn missed(&self) -> Result<Batch, Ending> {
        let resources = self.resources.to_vec();
        let heard = self.caller.read(feed::after(self.after, resources, Limit::MOST)).await;
        match heard {
            Ok(heard) => Ok(Batch::new(heard, self.caller.modules(), Limit::MOST.get())),
            Err(error) if error.status().is_client_error() => Err(Ending::Access),
            Err(_) => Err(Ending::Unavailable),
        }
    }
}

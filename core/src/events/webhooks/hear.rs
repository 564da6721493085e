//! An endpoint hears on: one event after the other, in their order. What fails holds up what comes after it, here alone.

use std::time::{Duration, Instant};

use super::deliveries::{self, Delivery, DeliveryKind};
use super::message::{Sealed, Way};
use super::schedule::{ATTEMPTS, LONGEST_FAILING, PATIENCE, wait};
use super::{DisabledReason, Webhook, endpoint, notice, store};
use crate::events::feed;
use crate::events::listen::{Heard, Listener};
use crate::tenancy::DbError;
use crate::worker::{TenantWork, about};

/// Events a turn.
const TURN: i64 = 50;
/// A turn begins no further event after so long, so that it ends within its lease.
const LONGEST: Duration = Duration::from_secs(45);
/// Refused for good: there is nobody any more.
const GONE: i16 = 410;

/// Lets an endpoint hear what it has not heard yet, as much as fits into a turn.
///
/// # Errors
/// Those of the database. What was sent and could not be noted is sent again, with the same `webhook-id`.
pub(crate) async fn hear(work: &TenantWork, listener: &Listener) -> Result<Heard, DbError> {
    let Some(webhook) = work.read(endpoint(listener.id.into())).await?.filter(|webhook| webhook.enabled) else {
        return Ok(Heard::Past(listener.position));
    };
    let modules = work.platform().modules();
    let (reach,) = work.read(feed::reach(listener.position)).await?;
    let told = feed::told(listener.position, reach, modules.changes(&webhook.hears), TURN);
    let events = work.read(told).await?;
    let whole = i64::try_from(events.len()).is_ok_and(|count| count < TURN);
    let mut turn = Turn::new(work, &webhook, listener);
    for event in events.into_iter().filter_map(|heard| heard.event(modules)) {
        let position = event.position;
        if !turn.tell(position, Sealed::of(event)).await {
            break;
        }
    }
    turn.end(if whole { Some(reach) } else { None }).await
}

/// What a turn has come to.
struct Turn<'a> {
    work: &'a TenantWork,
    webhook: &'a Webhook,
    listener: &'a Listener,
    way: Way<'a>,
    began: Instant,
    log: Vec<Delivery>,
    reached: i64,
    end: End,
}

/// How it ends.
enum End {
    /// Nothing has failed; whether it got to the end of what there was.
    Well { whole: bool },
    /// An event has failed, and is tried again.
    Failed { attempt: i16 },
    /// An event was given up.
    GivenUp,
    /// There is no sense in going on.
    Over(DisabledReason),
}

impl<'a> Turn<'a> {
    fn new(work: &'a TenantWork, webhook: &'a Webhook, listener: &'a Listener) -> Self {
        let way = Way::new(work.platform(), work.tenant(), webhook);
        let (began, end) = (Instant::now(), End::Well { whole: true });
        Self { work, webhook, listener, way, began, log: Vec::new(), reached: listener.position, end }
    }

    /// Tells an event, and says whether to go on with the next one.
    async fn tell(&mut self, position: i64, message: Sealed) -> bool {
        if self.began.elapsed() > LONGEST {
            self.end = End::Well { whole: false };
            return false;
        }
        // What failed before is the first one.
        let before = if self.log.is_empty() { self.listener.attempts } else { 0 };
        let attempt = before.saturating_add(1).clamp(1, ATTEMPTS);
        let mut delivery = message.send(&self.way, DeliveryKind::Event, attempt, PATIENCE).await;
        let failing = self.log.is_empty().then_some(self.listener.failing_for).flatten().unwrap_or_default();
        let end = if delivery.succeeded() {
            None
        } else if delivery.status == Some(GONE) {
            Some(End::Over(DisabledReason::Gone))
        } else if failing >= LONGEST_FAILING {
            Some(End::Over(DisabledReason::Failing))
        } else if attempt >= ATTEMPTS {
            Some(End::GivenUp)
        } else {
            Some(End::Failed { attempt })
        };
        delivery.given_up = matches!(end, Some(End::GivenUp | End::Over(_)));
        if matches!(end, None | Some(End::GivenUp)) {
            self.reached = position;
        }
        self.log.push(delivery);
        let goes_on = end.is_none();
        self.end = end.unwrap_or(End::Well { whole: true });
        goes_on
    }

    /// Notes all that was sent with one statement. `reach` is how far there is nothing else to hear.
    async fn end(self, reach: Option<i64>) -> Result<Heard, DbError> {
        let Self { work, webhook, log, reached, .. } = self;
        if log.is_empty() {
            return Ok(Heard::Past(reach.unwrap_or(reached)));
        }
        work.write(deliveries::log(webhook.id, log)).await?;
        Ok(match self.end {
            End::Well { whole: true } => Heard::Until(reach.unwrap_or(reached)),
            End::Well { whole: false } => Heard::Until(reached),
            End::Failed { attempt } => Heard::FailedAfter(reached, about(wait(attempt).unwrap_or_default())),
            End::GivenUp => Heard::Past(reached),
            End::Over(reason) => {
                // In this order: a notice may come twice, but not never.
                notice::post(work, webhook, reason).await?;
                work.write(store::disable(webhook.id, reason)).await?;
                Heard::Until(reached)
            }
        })
    }
}

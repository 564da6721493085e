//! Who sits where: the seats of one process by tenant, how far each tenant has been told, and the limits. No waiting here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::mpsc;
use uuid::Uuid;

use super::{Batch, Ending};
use crate::config::LiveConfig;
use crate::permission::RoleKey;
use crate::tenancy::{Entry, TenantId};

/// Who listens, as far as the hub has to know.
#[derive(Clone, Copy)]
pub(super) struct Guest {
    pub(super) entry: Entry,
    pub(super) session: Uuid,
    pub(super) role: RoleKey,
    /// When the access token is over, in seconds since 1970.
    pub(super) expires: u64,
}

/// What must still be so: the session, its tenant, its role.
pub(super) type Standing = (Uuid, TenantId, RoleKey);

impl Guest {
    fn standing(&self) -> Standing {
        (self.session, self.entry.tenant, self.role)
    }
}

/// Tells a listener why it hears no more.
#[derive(Default)]
pub(super) struct Line(AtomicU8);

const ENDINGS: [Ending; 5] = [Ending::Access, Ending::Expired, Ending::Behind, Ending::Stopping, Ending::Unavailable];

impl Line {
    fn cut(&self, ending: Ending) {
        let code = ENDINGS.iter().position(|known| *known == ending).map_or(0, |index| index + 1);
        self.0.store(u8::try_from(code).unwrap_or_default(), Ordering::Release);
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        ENDINGS.get(usize::from(self.0.load(Ordering::Acquire)).checked_sub(1)?).copied()
    }
}

/// Why there is no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The session has as many as it may have.
    Session,
    /// The organization has.
    Organization,
    /// The process has, or is about to stop.
    Process,
}

/// A seat that was taken; its other end is a listener's.
pub(super) struct Taken {
    pub(super) id: u64,
    pub(super) line: Arc<Line>,
    pub(super) batches: mpsc::Receiver<Arc<Batch>>,
}

/// What is to be read of a tenant, and as whom.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) seat: u64,
    pub(super) entry: Entry,
    pub(super) after: i64,
    /// A position that had been given before the reading began.
    noticed: i64,
}

struct Seat {
    guest: Guest,
    line: Arc<Line>,
    /// Dropped, it wakes the listener, who then hears why.
    batches: mpsc::Sender<Arc<Batch>>,
}

/// What is known of a tenant that somebody listens to.
#[derive(Default)]
struct Room {
    seats: HashMap<u64, Seat>,
    /// Where the journal ended when the room was opened. What comes after it is told to the seats.
    first: Option<i64>,
    /// The last position that was told.
    told: i64,
    /// The last position that is known to have been given.
    noticed: i64,
    /// Whether there may be something to read.
    is_stale: bool,
    /// Whether somebody reads.
    is_read: bool,
}

/// All seats of a process.
#[derive(Default)]
pub(super) struct Seats {
    rooms: HashMap<TenantId, Room>,
    // Listeners, and not seats: one that is told no more counts until it has gone.
    by_session: HashMap<Uuid, usize>,
    by_tenant: HashMap<TenantId, usize>,
    listeners: usize,
    last: u64,
    /// Whether somebody listens to the database for them.
    is_kept: bool,
    is_closed: bool,
}

impl Seats {
    pub(super) fn take(&mut self, guest: Guest, limits: &LiveConfig, most: usize) -> Result<Taken, Full> {
        let (session, tenant) = (guest.session, guest.entry.tenant);
        if self.is_closed || self.listeners >= most {
            return Err(Full::Process);
        }
        if self.by_session.get(&session).is_some_and(|count| *count >= limits.per_session) {
            return Err(Full::Session);
        }
        if self.by_tenant.get(&tenant).is_some_and(|count| *count >= limits.per_organization) {
            return Err(Full::Organization);
        }
        *self.by_session.entry(session).or_default() += 1;
        *self.by_tenant.entry(tenant).or_default() += 1;
        self.listeners += 1;
        self.last += 1;
        let (sender, batches) = mpsc::channel(limits.queue.max(1));
        let line = Arc::new(Line::default());
        let seat = Seat { guest, line: Arc::clone(&line), batches: sender };
        self.rooms.entry(tenant).or_default().seats.insert(self.last, seat);
        Ok(Taken { id: self.last, line, batches })
    }

    /// Whether somebody has to begin to listen to the database, which is then whoever asked.
    pub(super) fn must_be_kept(&mut self) -> bool {
        !std::mem::replace(&mut self.is_kept, true)
    }

    /// Whether whoever listens to the database may stop.
    pub(super) fn may_rest(&mut self) -> bool {
        self.is_kept = !self.rooms.is_empty();
        !self.is_kept
    }

    /// A listener has gone.
    pub(super) fn leave(&mut self, guest: &Guest, seat: u64) {
        self.remove(guest.entry.tenant, seat);
        self.listeners = self.listeners.saturating_sub(1);
        discount(&mut self.by_session, guest.session);
        discount(&mut self.by_tenant, guest.entry.tenant);
    }

    fn remove(&mut self, tenant: TenantId, seat: u64) -> Option<Seat> {
        let room = self.rooms.get_mut(&tenant)?;
        let removed = room.seats.remove(&seat);
        // Whoever reads for it finds no room, and stops.
        if room.seats.is_empty() {
            self.rooms.remove(&tenant);
        }
        removed
    }

    pub(super) fn listeners(&self) -> usize {
        self.listeners
    }

    /// A listener who has a seat knows where the journal ends. Tells whether all that comes after that is told to its seat:
    /// not where the room was opened with a later end.
    pub(super) fn begin(&mut self, tenant: TenantId, head: i64) -> bool {
        let Some(room) = self.rooms.get_mut(&tenant) else { return false };
        let first = *room.first.get_or_insert_with(|| {
            room.told = head;
            head
        });
        first <= head
    }

    /// The tenant's journal has got as far as this.
    pub(super) fn notice(&mut self, tenant: TenantId, position: i64) {
        if let Some(room) = self.rooms.get_mut(&tenant)
            && position > room.told
        {
            room.noticed = room.noticed.max(position);
            room.is_stale = true;
        }
    }

    /// Anything may have happened. Tells to whom.
    pub(super) fn notice_all(&mut self) -> Vec<TenantId> {
        self.rooms.values_mut().for_each(|room| room.is_stale = true);
        self.rooms.keys().copied().collect()
    }

    /// Whether somebody has to begin to read, which is then whoever asked.
    pub(super) fn must_be_read(&mut self, tenant: TenantId) -> bool {
        let Some(room) = self.rooms.get_mut(&tenant) else { return false };
        let must = room.is_stale && room.first.is_some() && !room.is_read;
        room.is_read |= must;
        must
    }

    /// What whoever reads has to read next; none where it is done.
    pub(super) fn next(&mut self, tenant: TenantId) -> Option<Reading> {
        let room = self.rooms.get_mut(&tenant)?;
        let seat = room.seats.iter().next().filter(|_| room.is_stale);
        room.is_read = seat.is_some();
        let (seat, entry) = seat.map(|(id, seat)| (*id, seat.guest.entry))?;
        room.is_stale = false;
        Some(Reading { seat, entry, after: room.told, noticed: room.noticed })
    }

    /// It could not be read; somebody has to try again.
    pub(super) fn unread(&mut self, tenant: TenantId) {
        if let Some(room) = self.rooms.get_mut(&tenant) {
            room.is_stale = true;
        }
    }

    /// Tells everybody who has a seat. Who has no room for it any more is left behind.
    pub(super) fn tell(&mut self, reading: &Reading, batch: &Arc<Batch>) {
        let Some(room) = self.rooms.get_mut(&reading.entry.tenant) else { return };
        // All that had been given by then was read, but for what did not fit.
        let whole = if batch.is_full { reading.after } else { reading.noticed };
        room.told = room.told.max(batch.last.unwrap_or(reading.after)).max(whole);
        room.is_stale |= batch.is_full;
        if batch.told.is_empty() {
            return;
        }
        room.seats.retain(|_, seat| match seat.batches.try_send(Arc::clone(batch)) {
            Ok(()) => true,
            Err(_) => {
                seat.line.cut(Ending::Behind);
                false
            }
        });
        if room.seats.is_empty() {
            self.rooms.remove(&reading.entry.tenant);
        }
    }

    /// Tells one listener no more.
    pub(super) fn end(&mut self, tenant: TenantId, seat: u64, ending: Ending) {
        if let Some(seat) = self.remove(tenant, seat) {
            seat.line.cut(ending);
        }
    }

    /// Tells those listeners no more for whom there is a reason.
    pub(super) fn end_where(&mut self, reason: impl Fn(&Guest, &Standing) -> Option<Ending>) {
        self.rooms.retain(|_, room| {
            room.seats.retain(|_, seat| match reason(&seat.guest, &seat.guest.standing()) {
                None => true,
                Some(ending) => {
                    seat.line.cut(ending);
                    false
                }
            });
            !room.seats.is_empty()
        });
    }

    /// Ends all, and lets nobody in any more.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
        self.end_where(|_, _| Some(Ending::Stopping));
    }

    /// What must still be so, of everybody who has a seat.
    pub(super) fn standings(&self) -> Vec<Standing> {
        let seats = self.rooms.values().flat_map(|room| room.seats.values());
        let standings: HashSet<Standing> = seats.map(|seat| seat.guest.standing()).collect();
        standings.into_iter().collect()
    }
}

fn discount<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() = count.get().saturating_sub(1);
        if *count.get() == 0 {
            count.remove();
        }
    }
}

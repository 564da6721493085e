//! The desk: where bookings are made, moved, confirmed and cancelled, inside of somebody's transaction.
//!
//! Each of them locks the resources first, in the order of their ids, and looks at what is free in the next statement, which sees
//! whatever was booked until then. So two who want the same stand in a queue, and the second hears what is free instead.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::bookings::{Booking, BookingId, BookingStatus, Need, Wanted, check_needs, not_all, store};
use super::period::Period;
use super::slots::{self, Every};
use super::timetable::{Apart, Timetable, joined, look};
use crate::http::{ApiError, ApiResult};
use crate::tenancy::{Statement, TenantTx};
use crate::value::{Moment, Prose, Text};

/// From when on and how far ahead other times are looked for, and how many are offered.
const BEFORE: Duration = Duration::hours(4);
const AHEAD: Duration = Duration::days(14);
const OFFERED: usize = 5;
/// What may have begun already: who is at the desk now.
const GRACE: Duration = Duration::minutes(5);

/// Where a booking goes.
#[derive(Debug)]
pub struct To {
    /// When.
    pub period: Period,
    /// What it takes from then on; what it takes now where there is none.
    pub needs: Option<Vec<Need>>,
    /// What it is for from then on, and more about it; as before where there is none.
    pub words: Option<(Text<200>, Option<Prose<2000>>)>,
    /// Why it is to stand where it is not free.
    pub overbook_reason: Option<Text<500>>,
}

/// Books, or holds.
///
/// # Errors
/// 404 where a resource does not exist, 422 where the time has passed, 409 where it is not free (`slot_taken`), not open
/// (`outside_hours`) or not to be booked (`resource_inactive`), with what is free instead.
pub async fn book(tx: &mut TenantTx, wanted: Wanted) -> ApiResult<Booking> {
    check_needs(&wanted.needs)?;
    one(book_all(tx, vec![wanted]).await?)
}

/// Moves a booking to another time, or to other resources. `seen` is asked of the booking once it is locked, as in the other ones
/// below: whether it is the version that somebody read.
///
/// # Errors
/// Those of [`book`] and of `seen`; 409 `booking_over` where it is cancelled or was held for too long.
pub async fn reschedule(
    tx: &mut TenantTx,
    id: BookingId,
    to: To,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Booking> {
    let To { period, needs, words, overbook_reason } = to;
    let mut needs = match needs {
        Some(needs) => needs,
        None => needs_of(tx, id).await?,
    };
    check_needs(&needs)?;
    let ask = Ask { id, needs: &mut needs, period, is_overbooked: overbook_reason.is_some() };
    make_room(tx, &mut [ask], &[id.as_uuid()]).await?;
    let mut booking = standing(tx, id, seen).await?;
    if let Some((title, note)) = words {
        (booking.title, booking.note) = (title, note);
    }
    tx.run(store::let_go(vec![id.as_uuid()])).await?;
    one(tx.run(store::update(vec![store::Move::new(&booking, period, needs, overbook_reason)])).await?)
}

/// Makes a hold a booking. One that is booked already stays as it is.
///
/// # Errors
/// Those of `seen`; 409 `booking_over` where it is cancelled or was held for too long.
pub async fn confirm(
    tx: &mut TenantTx,
    id: BookingId,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Booking> {
    let needs = needs_of(tx, id).await?;
    tx.run(store::lock_resources(ids(&needs))).await?;
    let booking = standing(tx, id, seen).await?;
    if booking.status == BookingStatus::Booked {
        return Ok(booking);
    }
    Ok(tx.run(store::confirm(id)).await?)
}

/// Cancels a booking. One that is cancelled or over already stays as it is.
///
/// # Errors
/// Those of `seen`; 404 where there is none.
pub async fn cancel(
    tx: &mut TenantTx,
    id: BookingId,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Booking> {
    let booking = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    seen(&booking)?;
    if matches!(booking.status, BookingStatus::Cancelled | BookingStatus::Expired) {
        return Ok(booking);
    }
    one(tx.run(store::cancel(vec![id.as_uuid()])).await?)
}

/// Cancels bookings that stand, by one statement, where what they are for comes to nothing.
pub fn cancel_many(ids: Vec<BookingId>) -> Statement<()> {
    store::cancel(ids.into_iter().map(BookingId::as_uuid).collect()).map(|_| ())
}

/// A booking.
///
/// # Errors
/// 404 where there is none.
pub async fn booking(tx: &mut TenantTx, id: BookingId) -> ApiResult<Booking> {
    tx.run(store::find(id)).await?.ok_or_else(ApiError::not_found)
}

/// What a booking takes.
async fn needs_of(tx: &mut TenantTx, id: BookingId) -> ApiResult<Vec<Need>> {
    Ok(tx.run(store::needs(vec![id.as_uuid()])).await?.into_iter().map(|(_, need)| need).collect())
}

/// The booking, locked, where it still takes anything.
async fn standing(
    tx: &mut TenantTx,
    id: BookingId,
    seen: impl FnOnce(&Booking) -> ApiResult<()>,
) -> ApiResult<Booking> {
    let booking = tx.run(store::lock(id)).await?.ok_or_else(ApiError::not_found)?;
    seen(&booking)?;
    match booking.status {
        BookingStatus::Held | BookingStatus::Booked => Ok(booking),
        BookingStatus::Cancelled | BookingStatus::Expired => {
            Err(ApiError::conflict("booking_over", "This booking is cancelled, or was held for too long. Book again."))
        }
    }
}

/// Books several at once, all or none.
pub(super) async fn book_all(tx: &mut TenantTx, mut wanted: Vec<Wanted>) -> ApiResult<Vec<Booking>> {
    let mut asked: Vec<Ask<'_>> = wanted
        .iter_mut()
        .map(|wanted| Ask {
            id: wanted.id,
            needs: &mut wanted.needs,
            period: wanted.period,
            is_overbooked: wanted.overbook_reason.is_some(),
        })
        .collect();
    make_room(tx, &mut asked, &[]).await?;
    Ok(tx.run(store::insert(wanted)).await?)
}

/// Moves several at once, all or none.
pub(super) async fn move_all(tx: &mut TenantTx, mut moves: Vec<store::Move>) -> ApiResult<Vec<Booking>> {
    let ids: Vec<Uuid> = moves.iter().map(|each| each.id.as_uuid()).collect();
    let mut asked: Vec<Ask<'_>> = moves
        .iter_mut()
        .map(|each| Ask {
            id: each.id,
            period: Period { starts_at: each.starts_at, ends_at: each.ends_at },
            needs: &mut each.needs,
            is_overbooked: each.overbook_reason.is_some(),
        })
        .collect();
    make_room(tx, &mut asked, &ids).await?;
    tx.run(store::let_go(ids)).await?;
    let mut moved = tx.run(store::update(moves)).await?;
    moved.sort_by_key(|booking| (booking.period().starts_at, booking.id.as_uuid()));
    Ok(moved)
}

/// What somebody asks for.
struct Ask<'a> {
    id: BookingId,
    needs: &'a mut [Need],
    period: Period,
    is_overbooked: bool,
}

impl Ask<'_> {
    /// All time that it takes of anything.
    fn around(&self) -> Period {
        slots::around(self.needs, self.period)
    }
}

/// Locks what is needed, and sees that it is free, whatever `but` takes. What is shared knows from then on with which group.
async fn make_room(tx: &mut TenantTx, asked: &mut [Ask<'_>], but: &[Uuid]) -> ApiResult<()> {
    let now = OffsetDateTime::now_utc();
    if asked.iter().any(|ask| ask.period.starts_at < now - GRACE) {
        return Err(ApiError::invalid().at("/starts_at", "has passed already"));
    }
    if asked.iter().any(|ask| Moment::try_from(ask.period.ends_at).is_err()) {
        return Err(ApiError::invalid().at("/ends_at", "is later than 2200, or that of a later one is"));
    }
    let all: Vec<Need> = asked.iter().flat_map(|ask| ask.needs.iter().cloned()).collect();
    let locked = tx.run(store::lock_resources(ids(&all))).await?;
    for (n, need) in asked.first().into_iter().flat_map(|ask| ask.needs.iter().enumerate()) {
        if !locked.iter().any(|(id, _)| *id == need.resource_id.as_uuid()) {
            return Err(ApiError::not_found().at(format!("/needs/{n}/resource_id"), "there is no such record"));
        }
    }
    if locked.iter().any(|(_, is_over)| *is_over) {
        tx.run(store::end_holds(ids(&all))).await?;
    }
    let Some(window) = window(asked) else { return Ok(()) };
    let mut tables = tx.run(look(ids(&all), window, but.to_vec())).await?;
    let mut refused = Vec::new();
    for (n, ask) in asked.iter_mut().enumerate() {
        if let Err(why) = judge(&mut tables, ask) {
            refused.push((n, ask.period, why));
        }
    }
    match (&*asked, refused.as_slice()) {
        (_, []) => Ok(()),
        ([ask], [(_, _, why)]) => {
            let why = why.clone();
            Err(why.instead(alternatives(tx, ask, but, now).await?))
        }
        (_, several) => Err(not_all(several)),
    }
}

/// What holds all that is asked for.
fn window(asked: &[Ask<'_>]) -> Option<Period> {
    let starts_at = asked.iter().map(|ask| ask.around().starts_at).min()?;
    Period::new(starts_at, asked.iter().map(|ask| ask.around().ends_at).max()?)
}

/// Whether all that is needed is free; where it is, it is taken from then on.
fn judge(tables: &mut [Timetable], ask: &mut Ask<'_>) -> Result<(), ApiError> {
    let taken = || {
        let detail = "A resource is taken at this time. `alternatives` are free.";
        ApiError::conflict("slot_taken", detail)
    };
    let mut fits = Vec::with_capacity(ask.needs.len());
    for (need, table) in by_need(ask.needs, tables) {
        if !table.is_active() {
            let detail = "A resource is not to be booked any more. Choose another one.";
            return Err(ApiError::conflict("resource_inactive", detail));
        }
        if ask.is_overbooked {
            fits.push((need, table.squeeze(need, ask.period)));
            continue;
        }
        if !table.open(ask.period).hold(ask.period) {
            let detail = "A resource is not open at this time: see its hours and exceptions. `alternatives` are free.";
            return Err(ApiError::conflict("outside_hours", detail));
        }
        let full = table.full(need.around(ask.period));
        fits.push((need, table.fit(need, ask.period, &full).ok_or_else(taken)?));
    }
    let group = match joined(fits.into_iter()) {
        Ok(group) => group,
        Err(Apart) if ask.is_overbooked => None,
        Err(Apart) => return Err(taken()),
    };
    let group = group.unwrap_or_else(Uuid::now_v7);
    for need in ask.needs.iter_mut() {
        need.join(group);
    }
    for (need, table) in by_need(ask.needs, tables) {
        let who = if need.shared.is_some() { group } else { ask.id.as_uuid() };
        table.take(need.around(ask.period), who, need.shared.as_ref());
    }
    Ok(())
}

fn by_need<'a>(needs: &'a [Need], tables: &'a mut [Timetable]) -> impl Iterator<Item = (&'a Need, &'a mut Timetable)> {
    tables.iter_mut().filter_map(|table| {
        let need = needs.iter().find(|need| need.resource_id.as_uuid() == table.id())?;
        Some((need, table))
    })
}

/// The next times at which all of it is free for as long.
async fn alternatives(tx: &mut TenantTx, ask: &Ask<'_>, but: &[Uuid], now: OffsetDateTime) -> ApiResult<Vec<Period>> {
    let from = (ask.period.starts_at - BEFORE).max(now);
    let Some(window) = Period::new(from, from + AHEAD) else { return Ok(Vec::new()) };
    let tables = tx.run(look(ids(ask.needs), slots::around(ask.needs, window), but.to_vec())).await?;
    Ok(slots::free(&tables, ask.needs, window, ask.period.length(), Every::Quarter, OFFERED))
}

fn ids(needs: &[Need]) -> Vec<Uuid> {
    needs.iter().map(|need| need.resource_id.as_uuid()).collect()
}

fn one(mut bookings: Vec<Booking>) -> ApiResult<Booking> {
    bookings.pop().ok_or_else(ApiError::internal)
}

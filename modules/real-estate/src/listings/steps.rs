//! Going from one status to another: what has to be so before, and the note of it.

use tenantry_core::http::{ApiError, ApiResult, Caller};
use tenantry_core::notify::Notify;
use tenantry_core::tenancy::TenantTx;
use tenantry_core::value::{Date, Text};
use uuid::Uuid;

use super::{Listing, ListingStatus, Way, changes, store};
use crate::showings;

/// Who moves a listing, and by what people are told of what follows.
#[derive(Clone, Copy)]
pub(crate) struct Mover<'a> {
    pub(crate) user: Uuid,
    notify: &'a Notify,
}

impl<'a> Mover<'a> {
    pub(crate) fn of(caller: &'a Caller) -> Self {
        Self { user: caller.user(), notify: caller.notify() }
    }
}

/// Moves a listing, which the caller has locked, and notes who did it and why. One that is there already stays as it is. What is not
/// shown any more has its viewings and open houses cancelled, and people told.
pub(crate) async fn move_to(
    tx: &mut TenantTx,
    listing: Listing,
    to: ListingStatus,
    way: Way,
    reason: Option<Text<500>>,
    by: Mover<'_>,
) -> ApiResult<Listing> {
    if listing.status == to {
        return Ok(listing);
    }
    if !listing.status.may_become(to, way) {
        return Err(no_step(listing.status));
    }
    if to == ListingStatus::Active {
        ready(&listing)?;
    }
    let from = listing.status;
    let moved = tx.run(store::set_status(listing.id, to)).await?;
    tx.run(changes::note_status(&moved, Some(from), reason, by.user)).await?;
    if !to.is_shown() {
        showings::call_off(tx, by.notify, vec![moved.id]).await?;
    }
    Ok(moved)
}

/// What a listing needs on the day on which it comes on the market.
fn ready(listing: &Listing) -> ApiResult<()> {
    let mut lacks = listing.lacks();
    if listing.mandate_from.is_some() && !listing.is_mandated_on(Date::today()) {
        lacks.push(("/mandate_until", "the mandate does not hold today"));
    }
    if lacks.is_empty() {
        return Ok(());
    }
    let refused = ApiError::conflict(
        "not_ready",
        "The listing cannot come on the market as it is: see `errors` for the fields of it to change first.",
    );
    Err(lacks.into_iter().fold(refused, |error, (field, why)| error.at(field, why)))
}

fn no_step(from: ListingStatus) -> ApiError {
    let words: Vec<&str> = from.by_hand().iter().map(|to| to.as_str()).collect();
    let from = from.as_str();
    let detail = match words.as_slice() {
        [] => format!("A listing that is {from} stays so. Make another one of the property."),
        ["pending"] => format!(
            "A listing that is {from} can become pending; anything else follows from its accepted offer: let that fall \
             through, or complete the sale."
        ),
        words => format!("From {from} a listing can become {}.", words.join(", ")),
    };
    ApiError::conflict("no_such_step", detail)
}

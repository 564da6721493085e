//! What follows where a listing goes off the market: whatever is still to come of it is cancelled, in the same transaction.

use serde_json::json;
use tenantry_core::calendar::{BookingId, cancel_many};
use tenantry_core::notify::Notify;
use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Reach, TenantTx, many};

use super::letters::{Guest, tell};
use crate::listings::ListingId;
use crate::open_houses;
use crate::viewings::{Viewing, ViewingStatus};

/// Why.
const REASON: &str = "The property is off the market.";

/// Cancels the viewings and open houses of listings that are still to come, gives their time back, and tells who would have come. The
/// caller has locked the listings.
pub(crate) async fn call_off(tx: &mut TenantTx, notify: &Notify, listings: Vec<ListingId>) -> Result<(), DbError> {
    if listings.is_empty() {
        return Ok(());
    }
    let everything = Reach::of_consequences();
    let ids: Vec<_> = listings.into_iter().map(ListingId::as_uuid).collect();
    let coming = many::<Viewing>(everything).lock_where(
        sql!("listing_id = ANY ($1) AND status IN ('requested', 'confirmed') AND starts_at > now()"),
        ids.clone(),
    );
    let viewings = tx.run(coming).await?;
    let rows = viewings
        .iter()
        .map(|viewing| json!({ "id": viewing.id, "status": ViewingStatus::Cancelled, "cancel_reason": REASON }))
        .collect();
    let mut off: Vec<Guest> = viewings.iter().map(Viewing::guest).collect();
    let mut bookings: Vec<BookingId> = viewings.iter().map(|viewing| viewing.booking_id).collect();
    if !viewings.is_empty() {
        tx.run(many::<Viewing>(everything).update(&[sql!("status"), sql!("cancel_reason")], rows)).await?;
    }
    let houses = tx.run(open_houses::store::call_off(ids, REASON)).await?;
    if !houses.is_empty() {
        let ids = houses.iter().map(|(id, _)| id.as_uuid()).collect();
        off.extend(tx.run(open_houses::visitors::store::guests(everything, ids)).await?);
        bookings.extend(houses.into_iter().map(|(_, booking)| booking));
    }
    if bookings.is_empty() {
        return Ok(());
    }
    tx.run(cancel_many(bookings)).await?;
    tell(tx, notify, off).await
}

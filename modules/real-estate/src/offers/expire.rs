//! The job that notes that offers are not valid any more.

use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, many};
use tenantry_core::value::Date;
use tenantry_core::worker::TenantWork;

use super::{Offer, OfferId, OfferStatus, store};

/// Ends what nobody has accepted in time.
///
/// # Errors
/// Those of the database.
pub(crate) async fn expire(work: &TenantWork) -> Result<(), DbError> {
    let ended = work.transaction(async |tx| {
        let over = many::<Offer>(work.reach());
        let over = over.lock_where(sql!("status IN ('open', 'parked') AND valid_until < $1"), Date::today());
        let over: Vec<OfferId> = tx.run(over).await?.into_iter().map(|offer| offer.id).collect();
        tx.run(store::set_all(work.reach(), &over, OfferStatus::Expired)).await
    });
    ended.await
}

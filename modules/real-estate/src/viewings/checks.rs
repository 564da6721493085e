//! What has to be so for a viewing: it is asked for in time, who lives there knows of it, and somebody opens the door.

use tenantry_core::calendar::Period;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::notify;
use tenantry_core::tenancy::TenantTx;
use tenantry_core::value::{Clock, Date};
use time::{Duration, OffsetDateTime};

use super::Viewing;
use crate::key_sets;
use crate::listings::Listing;
use crate::properties::Property;
use crate::showings::asked_ahead;
use crate::tenancies::store as tenancies;

/// Refuses a time that is too near.
pub(super) async fn in_time(
    tx: &mut TenantTx,
    listing: &Listing,
    property: &Property,
    period: Period,
) -> ApiResult<()> {
    asked_ahead(period, listing.viewing_notice_hours, "so the listing says")?;
    if is_lived_in(tx, property, period.starts_at).await? {
        asked_ahead(period, property.occupier_notice_hours, "who lives there has to be told before")?;
    }
    Ok(())
}

/// Refuses to confirm where who lives there was not told in time, or where nobody opens the door.
pub(super) async fn ready(tx: &mut TenantTx, viewing: &Viewing, property: &Property) -> ApiResult<()> {
    let starts_at = OffsetDateTime::from(viewing.starts_at);
    if is_lived_in(tx, property, starts_at).await? {
        let Some(told_at) = viewing.occupier_told_at else {
            let detail = "Somebody lives there. Tell them, and set `occupier_told_at` first.";
            return Err(ApiError::conflict("occupier_not_told", detail));
        };
        let hours = property.occupier_notice_hours;
        if OffsetDateTime::from(told_at) + Duration::hours(hours.into()) > starts_at {
            let detail = format!("Who lives there was told less than {hours} hours ahead. Move it to a later time.");
            return Err(ApiError::conflict("occupier_told_late", detail));
        }
    }
    if !viewing.accompanied && !tx.run(key_sets::has_keys(viewing.property_id, viewing.applicant_id)).await? {
        let detail = "Nobody meets the applicant there. Check a set of keys of the property out to them first.";
        return Err(ApiError::conflict("keys_needed", detail));
    }
    Ok(())
}

/// Whether somebody lives there: it was said so, or there is a tenancy on that day.
async fn is_lived_in(tx: &mut TenantTx, property: &Property, at: OffsetDateTime) -> ApiResult<bool> {
    if property.occupied {
        return Ok(true);
    }
    let clock = Clock::of_or_utc(&tx.run(notify::time_zone()).await?);
    match Date::try_from(clock.day(at)) {
        Ok(day) => Ok(tx.run(tenancies::is_let_on(property.id, day)).await?),
        Err(_) => Ok(false),
    }
}

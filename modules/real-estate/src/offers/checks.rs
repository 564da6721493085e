//! What has to be so before an offer is accepted, and once more before its sale is completed: everybody is who they say.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Date;

use super::Offer;
use crate::identity_checks::store as checks;
use crate::listings::parties::{PartyRole, store as parties};
use crate::listings::{Listing, ListingKind};

/// Refuses where the applicant, or who sells or lets, has not passed an identity check that counts today. The reach is everything.
///
/// # Errors
/// 409 with the ids of the contacts who lack one.
pub(crate) async fn identified(tx: &mut TenantTx, reach: Reach, listing: &Listing, offer: &Offer) -> ApiResult<()> {
    let role = match listing.kind {
        ListingKind::Sale => PartyRole::Vendor,
        ListingKind::Let => PartyRole::Landlord,
    };
    let owners = tx.run(parties::in_role(reach, listing.id, role)).await?;
    if owners.is_empty() {
        let detail = match role {
            PartyRole::Landlord => "Nobody is known who lets it. Add a landlord to the parties of the listing first.",
            _ => "Nobody is known who sells it. Add a vendor to the parties of the listing first.",
        };
        return Err(ApiError::conflict("party_needed", detail));
    }
    let everybody: Vec<ContactId> = owners.into_iter().map(|(id,)| id).chain([offer.applicant_id]).collect();
    let lacking = tx.run(checks::lacking(reach, everybody, Date::today())).await?;
    if lacking.is_empty() {
        return Ok(());
    }
    let mut names: Vec<String> = lacking.into_iter().map(|(id,)| id.to_string()).collect();
    names.dedup();
    Err(ApiError::conflict(
        "identity_check_needed",
        format!("These contacts need a passed identity check that has not expired: {}.", names.join(", ")),
    ))
}

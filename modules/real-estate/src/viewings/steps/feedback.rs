//! What an applicant thinks after a viewing: it is noted there, and for what they look for.

use tenantry_core::http::{ApiError, ApiResult, IfMatchGiven, Versioned};
use tenantry_core::tenancy::{Reach, TenantTx};

use super::locked;
use crate::requirements::interests;
use crate::viewings::terms::ViewingFeedback;
use crate::viewings::{Viewing, ViewingId, ViewingStatus, store};

/// Notes what the applicant thinks.
pub(super) async fn note(
    tx: &mut TenantTx,
    reach: Reach,
    id: ViewingId,
    version: &IfMatchGiven,
    said: ViewingFeedback,
) -> ApiResult<Viewing> {
    let said = said.checked()?;
    let (listing, mut viewing) = locked(tx, reach, id).await?;
    viewing.expect_given(version)?;
    if viewing.status != ViewingStatus::Done {
        let detail = "Nobody thinks anything of it before it is done. Complete the viewing first.";
        return Err(ApiError::conflict("viewing_not_done", detail));
    }
    if let Some(interest) = said.interest {
        interests::note(tx, reach, &listing, viewing.applicant_id, interest).await?;
    }
    (viewing.interest, viewing.rating, viewing.feedback) = (said.interest, said.rating, said.text);
    Ok(tx.run(store::update(reach, viewing)).await?)
}

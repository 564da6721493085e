//! `/organization/support-…`: whether operators may enter the organization, and which of them did.

use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::roles::above_own;
use super::{SupportRead, SupportWrite};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Page, Paging};
use crate::module::Tag;
use crate::operator::audit::Doer;
use crate::operator::support::{SupportAccess, SupportAccessId, SupportAccessSort, SupportConsent, SupportEnd, store};

/// What the organization allows operators.
#[derive(Debug, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct SupportConsentSetting {
    /// The level.
    level: SupportConsent,
}

/// Support, for the organization.
#[derive(Default)]
pub struct SupportApi;

#[OpenApi(tag = "Tag::Organization")]
impl SupportApi {
    /// Show whether operators may enter the organization.
    #[oai(path = "/organization/support-consent", method = "get", operation_id = "support_consent_get")]
    async fn consent(&self, caller: Can<SupportRead>) -> ApiResult<Answer<SupportConsentSetting>> {
        let consent = caller.admit().await?.run(store::consent(caller.tenant())).await?;
        let (level,) = consent.ok_or_else(ApiError::not_found)?;
        Ok(Answer(SupportConsentSetting { level }))
    }

    /// Say whether operators may enter the organization.
    ///
    /// Off until somebody says otherwise. Accesses that go further than what is allowed now end at once. Who lets operators in
    /// has all that they will have: `read` is what a viewer may do, `write` what a member may.
    #[oai(path = "/organization/support-consent", method = "put", operation_id = "support_consent_set")]
    async fn set_consent(
        &self,
        caller: Can<SupportWrite>,
        body: Body<SupportConsentSetting>,
    ) -> ApiResult<Answer<SupportConsentSetting>> {
        let (tenant, user, level) = (caller.tenant(), caller.user(), body.0.level);
        if level.most().is_some_and(|level| !caller.covers(&level.role().into())) {
            return Err(above_own().at("/level", "allows more than your own role"));
        }
        let consented = caller.govern(async |tx| {
            tx.run(store::set_consent(tenant, level)).await?;
            tx.run(store::end_beyond(tenant, level, user)).await?;
            let note = Doer::user(user).did("support.consented").to(tenant).with(json!({ "level": level }));
            Ok(tx.run(note.note()).await?)
        });
        consented.await?;
        Ok(Answer(body.0))
    }

    /// List the accesses of operators to the organization.
    #[oai(path = "/organization/support-accesses", method = "get", operation_id = "support_accesses_list")]
    async fn list(
        &self,
        caller: Can<SupportRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<SupportAccessSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<SupportAccess>>> {
        let sort = sort.0.unwrap_or(SupportAccessSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "support accesses", sort, limit.0, cursor.0)?;
        caller.admit().await?.run(store::list(caller.tenant(), paging)).await.map(Answer)
    }

    /// End an operator's access to the organization.
    ///
    /// From the next request on. One that is over stays as it was.
    #[oai(path = "/organization/support-accesses/:id", method = "delete", operation_id = "support_accesses_end")]
    async fn end(&self, caller: Can<SupportWrite>, id: Path<SupportAccessId>) -> ApiResult<Deleted> {
        let (tenant, user) = (caller.tenant(), caller.user());
        let home = caller.admit().await?;
        home.transaction(async |tx| {
            if !tx.run(store::end(id.0, tenant, SupportEnd::Organization, Some(user))).await? {
                return Err(ApiError::not_found());
            }
            let note = Doer::user(user).did("support.ended").to(tenant);
            Ok(tx.run(note.with(json!({ "access": id.0 })).note()).await?)
        })
        .await?;
        Ok(Deleted)
    }
}

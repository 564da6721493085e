//! `/operator/tenants/{id}/support-access`

use std::time::Duration;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use serde_json::json;

use super::store::{self, NewAccess};
use super::{BegunSupportAccess, NewSupportAccess, SupportAccessId, SupportConsent, SupportEnd, SupportLevel};
use crate::http::{ApiError, ApiResult, Body, Deleted, Made, Operator};
use crate::identity::{Home, Subject};
use crate::module::Tag;
use crate::operator::tenants::{TenantKey, TenantStatus};
use crate::tenancy::Shard;

/// Support accesses, for operators.
#[derive(Default)]
pub struct OperatorSupportApi;

#[OpenApi(tag = "Tag::Operators")]
impl OperatorSupportApi {
    /// Begin a support access.
    ///
    /// Gives a token for the organization, of a viewer or, where it is asked for, of a member: if the organization has
    /// consented to that, for at most an hour. Its owners and admins see it, and can end it.
    #[oai(path = "/operator/tenants/:id/support-access", method = "post", operation_id = "operator_support_begin")]
    async fn begin(
        &self,
        caller: Operator,
        id: Path<TenantKey>,
        body: Body<NewSupportAccess>,
    ) -> ApiResult<Made<BegunSupportAccess>> {
        let NewSupportAccess { reason, minutes, level } = body.0;
        if !(1..=60).contains(&minutes) {
            return Err(ApiError::invalid().at("/minutes", "expected 1 to 60"));
        }
        let (tenant, level) = (id.0.tenant(), level.unwrap_or(SupportLevel::Read));
        let new = NewAccess {
            id: SupportAccessId::new(),
            tenant,
            operator: caller.id(),
            level,
            reason,
            minutes,
            address: caller.doer().address,
        };
        let (access, shard) = caller
            .transaction(async |tx| {
                if !tx.run(store::hold_session(caller.session())).await? {
                    return Err(ApiError::unauthenticated("You have signed out. Sign in again."));
                }
                let terms = tx.run(store::hold_terms(tenant, caller.id())).await?.ok_or_else(ApiError::not_found)?;
                check(&terms, level)?;
                let note = caller.doer().did("support.begun").to(tenant).because(new.reason.to_string());
                let note = note.with(json!({ "access": new.id, "level": level, "minutes": minutes }));
                let access = tx.run(store::insert(new)).await?;
                tx.run(note.note()).await?;
                Ok((access, Shard(terms.shard)))
            })
            .await?;
        let home = Home { tenant, shard, role: level.role().into() };
        let subject = Subject { user: caller.id(), session: access.id.as_uuid(), home: Some(home), support: true };
        let life = Duration::from_secs(u64::from(minutes) * 60);
        let access_token = caller.platform().tokens().sign_for(&subject, life).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a token cannot be signed");
            ApiError::internal()
        })?;
        Ok(Made(BegunSupportAccess { access_token, expires_in: life.as_secs(), access }))
    }

    /// End a support access of one's own.
    ///
    /// Its token is worth nothing from the next request on.
    #[oai(
        path = "/operator/tenants/:id/support-access/:access_id",
        method = "delete",
        operation_id = "operator_support_end"
    )]
    async fn end(&self, caller: Operator, id: Path<TenantKey>, access_id: Path<SupportAccessId>) -> ApiResult<Deleted> {
        let tenant = id.0.tenant();
        caller
            .transaction(async |tx| {
                if !tx.run(store::is_of(access_id.0, tenant, caller.id())).await? {
                    return Err(ApiError::not_found());
                }
                tx.run(store::end(access_id.0, tenant, SupportEnd::Operator, None)).await?;
                let note = caller.doer().did("support.ended").to(tenant);
                Ok(tx.run(note.with(json!({ "access": access_id.0 })).note()).await?)
            })
            .await?;
        Ok(Deleted)
    }
}

fn check(terms: &store::Terms, level: SupportLevel) -> ApiResult<()> {
    if terms.status != TenantStatus::Active {
        return Err(ApiError::conflict("tenant_status", "Nobody can enter an organization that is not active."));
    }
    if level.is_within(terms.support_consent) {
        return Ok(());
    }
    Err(ApiError::conflict(
        "no_support_consent",
        match terms.support_consent {
            SupportConsent::Off => {
                "The organization does not let operators in. One of its owners or admins can allow it."
            }
            _ => "The organization lets operators read only. One of its owners or admins can allow more.",
        },
    ))
}

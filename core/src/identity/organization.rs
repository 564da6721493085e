//! `GET /organization`: the organization that the token is for.

use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::OrganizationRead;
use crate::http::{Answer, ApiError, ApiResult, Can};
use crate::module::Tag;
use crate::sql;
use crate::tenancy::{Statement, TenantId, select};
use crate::{record_id, row};

record_id! {
    /// The id of an organization.
    OrganizationId
}

/// An organization.
#[derive(Debug, Serialize, Object)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// When it was founded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
row!(Organization { id, slug, name, created_at });

/// The organization.
#[derive(Default)]
pub struct OrganizationApi;

#[OpenApi(tag = "Tag::Organization")]
impl OrganizationApi {
    /// Show the organization that the token is for.
    #[oai(path = "/organization", method = "get", operation_id = "organization_get")]
    async fn get(&self, caller: Can<OrganizationRead>) -> ApiResult<Answer<Organization>> {
        let found = caller.admit().await?.run(find(caller.tenant())).await?;
        found.map(Answer).ok_or_else(ApiError::not_found)
    }
}

fn find(tenant: TenantId) -> Statement<Option<Organization>> {
    select::<Organization>(sql!("FROM tenants WHERE id = $1")).bind(tenant).optional()
}

//! `/organizations` and `/organization`, the one that the token is for.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{NewOrganization, Organization, OrganizationId, OrganizationPatch, store};
use crate::http::{
    ApiError, ApiResult, Body, Can, Deleted, IfMatch, Item, Made, SignedIn, Versioned,
};
use crate::identity::auth::OrganizationAnswer;
use crate::identity::{OrganizationDelete, OrganizationRead, OrganizationWrite};
use crate::module::Tag;
use crate::permission::{Role, RoleRef};
use crate::tenancy::{self, DbError, NewTenant, ProvisionError};
use crate::value::Text;

/// Organizations.
#[derive(Default)]
pub struct OrganizationApi;

#[OpenApi(tag = "Tag::Organization")]
impl OrganizationApi {
    /// Found a further organization.
    ///
    /// The person who is signed in becomes its owner. Select it to get tokens for it.
    #[oai(path = "/organizations", method = "post", operation_id = "organizations_create")]
    async fn create(&self, caller: SignedIn, body: Body<NewOrganization>) -> ApiResult<Made<OrganizationAnswer>> {
        let slug = body.0.slug().ok_or_else(|| {
            ApiError::invalid().at("/slug", "no short name can be made from the name; choose one")
        })?;
        let new = NewTenant::new(slug, body.0.name);
        let (id, present) = (new.id.as_uuid(), caller.present());
        let founded = caller.tenants().create(&new, async |tx| {
            if tx.run(present).await? { tx.run(caller.owns(id)).await } else { Err(DbError::SessionEnded) }
        });
        match founded.await {
            Err(ProvisionError::Db(DbError::Refused(refusal))) if refusal.code() == store::SLUG_TAKEN.code() => {
                Err(store::SLUG_TAKEN.into())
            }
            founded => {
                founded?;
                let NewTenant { slug, name, .. } = new;
                let role = RoleRef::BuiltIn(Role::Owner);
                Ok(Made(OrganizationAnswer { id, slug: slug.to_string(), name: name.to_string(), role }))
            }
        }
    }
}

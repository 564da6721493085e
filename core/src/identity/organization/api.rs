//! `/organizations` and `/organization`, the one that the token is for.

use http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::document::{ApiDocument, document_for};
use super::{NewOrganization, Organization, OrganizationId, OrganizationPatch, store};
use crate::http::{ApiError, ApiResult, Body, Can, Deleted, IfMatch, Item, Made, SignedIn, Versioned};
use crate::identity::auth::{self, OrganizationAnswer};
use crate::identity::{OrganizationDelete, OrganizationRead, OrganizationWrite};
use crate::module::Tag;
use crate::permission::{Role, RoleRef};
use crate::tenancy::ending::{self, DeletedBy};
use crate::tenancy::{DbError, NewTenant, ProvisionError, Refusal, TenantId};
use crate::value::Text;

/// Organizations that one person may own.
const OWNED: i64 = 100;

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
        let slug = body
            .0
            .slug()
            .ok_or_else(|| ApiError::invalid().at("/slug", "no short name can be made from the name; choose one"))?;
        let new = NewTenant::new(slug, body.0.name);
        found(&caller, &new).await.map_err(|error| match error {
            ProvisionError::Db(DbError::Refused(refusal)) if refusal.code() == store::SLUG_TAKEN.code() => {
                store::SLUG_TAKEN.into()
            }
            other => ApiError::from(other),
        })?;
        Ok(Made(OrganizationAnswer {
            id: new.id.as_uuid(),
            slug: new.slug.to_string(),
            name: new.name.to_string(),
            role: RoleRef::BuiltIn(Role::Owner),
        }))
    }

    /// Restore an organization that is being deleted.
    ///
    /// For its owners, within 30 days of the deletion. Everybody signs in again. One that is not being deleted stays as
    /// it is. What an operator has deleted only an operator restores: 409.
    #[oai(path = "/organizations/:id/restore", method = "post", operation_id = "organizations_restore")]
    async fn restore(&self, caller: SignedIn, id: Path<OrganizationId>) -> ApiResult<Item<Organization>> {
        let (user, tenant) = (caller.user(), TenantId::from(id.0.as_uuid()));
        let restored = caller.transaction(async |tx| {
            let (by_operator,) = tx.run(store::lock_restorable(user, id.0)).await?.ok_or_else(ApiError::not_found)?;
            if by_operator {
                return Err(ApiError::conflict(
                    "deleted_by_operator",
                    "An operator has deleted this organization, so only an operator can restore it. Ask whoever runs this service.",
                ));
            }
            tx.run(ending::restore(tenant)).await?;
            tx.run(store::find(tenant)).await?.ok_or_else(ApiError::not_found)
        });
        restored.await.map(Item)
    }

    /// Show the organization that the token is for.
    #[oai(path = "/organization", method = "get", operation_id = "organization_get")]
    async fn get(&self, caller: Can<OrganizationRead>) -> ApiResult<Item<Organization>> {
        let found = caller.admit().await?.run(store::find(caller.tenant())).await?;
        found.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Show this API's document as the caller sees it in the organization.
    ///
    /// OpenAPI 3.1, without modules that are not enabled and operations that the caller may not use. The organization's own fields
    /// are in it: in `custom` of records, as filters and as orders. Its ETag changes with it.
    #[oai(path = "/organization/openapi.json", method = "get", operation_id = "organization_document")]
    async fn document(&self, caller: Can<OrganizationRead>) -> ApiResult<Item<ApiDocument>> {
        document_for(&caller).await.map(Item)
    }

    /// Rename the organization.
    ///
    /// At once, its short name too. The former short name still leads here for 90 days.
    #[oai(path = "/organization", method = "patch", operation_id = "organization_update")]
    async fn update(
        &self,
        caller: Can<OrganizationWrite>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<OrganizationPatch>,
    ) -> ApiResult<Item<Organization>> {
        let renamed = caller.govern(async |tx| {
            let found = tx.run(store::find(caller.tenant())).await?;
            let mut organization = found.ok_or_else(ApiError::not_found)?;
            organization.expect(&version)?;
            body.0.apply(&mut organization);
            let updated = tx.run(store::update(organization)).await?;
            if tx.run(store::is_kept_out(caller.session())).await? {
                return Err(ApiError::conflict(
                    "no_second_factor",
                    "You would keep yourself out. Set your own second factor up at /users/me/second-factor first.",
                ));
            }
            Ok(updated)
        });
        renamed.await.map(Item)
    }

    /// Delete the organization.
    ///
    /// For owners who signed in less than 15 minutes ago. From then on nobody works in it, and all its sessions are over.
    /// For 30 days an owner can sign in and restore it; then it is gone with all its data.
    #[oai(path = "/organization", method = "delete", operation_id = "organization_delete")]
    async fn delete(
        &self,
        caller: Can<OrganizationDelete>,
        /// The organization's name, as a person has typed it: this is not done by accident.
        name: Query<Text<200>>,
    ) -> ApiResult<Deleted> {
        let deleted = caller.govern(async |tx| {
            let organization = tx.run(store::find(caller.tenant())).await?.ok_or_else(ApiError::not_found)?;
            if organization.name != name.0 {
                return Err(ApiError::invalid().at("name", "this is not the organization's name"));
            }
            if !tx.run(store::is_fresh(caller.session())).await? {
                return Err(sign_in_again());
            }
            tx.run(ending::delete(caller.tenant(), DeletedBy::Owner)).await?;
            Ok(tx.run(ending::end_sessions(caller.tenant())).await?)
        });
        deleted.await?;
        Ok(Deleted)
    }
}

async fn found(caller: &SignedIn, new: &NewTenant) -> Result<(), ProvisionError> {
    const TOO_MANY: Refusal = Refusal::InTheWay {
        code: "too_many_organizations",
        detail: "One person owns at most 100 organizations. Give one away, or delete one.",
    };
    let user = caller.user();
    let founded = caller.platform().tenants().create(new, async |tx| {
        tx.require(caller.present()).await?;
        tx.run(store::lock_person(user)).await?;
        if tx.run(store::count_owned(user)).await?.0 >= OWNED {
            return Err(DbError::Refused(TOO_MANY));
        }
        tx.run(auth::store::insert_owner(user, new.id.as_uuid())).await
    });
    founded.await.map(|_| ())
}

fn sign_in_again() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "fresh_sign_in_needed",
        "A fresh sign-in is needed",
        "Sign in again and repeat this within 15 minutes.",
    )
}

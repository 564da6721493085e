//! The operations on practitioners.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use tenantry_core::calendar::{make_resources, rename_resource, unmake_resource};
use tenantry_core::http::{
    Answer, ApiError, ApiResult, Body, Caller, Can, Created, Criteria, Deleted, IfMatch, IfMatchGiven, Item, Page,
    Versioned,
};
use tenantry_core::identity::UserId;

use super::{NewPractitioner, Practitioner, PractitionerFields, PractitionerId, PractitionerPatch, store};
use crate::{MODULE, PractitionersRead, PractitionersWrite, Tag};

/// Practitioners.
#[derive(Default)]
pub struct PractitionersApi;

#[OpenApi(tag = "Tag::Practitioners")]
impl PractitionersApi {
    /// List practitioners.
    #[oai(path = "/clinic/practitioners", method = "get", operation_id = "practitioners_list")]
    async fn list(
        &self,
        caller: Can<PractitionersRead>,
        criteria: Criteria<PractitionerFields>,
    ) -> ApiResult<Answer<Page<Practitioner>>> {
        caller.read(criteria.page(&caller, store::list())?).await.map(Answer)
    }

    /// Create a practitioner.
    #[oai(path = "/clinic/practitioners", method = "post", operation_id = "practitioners_create")]
    async fn create(
        &self,
        caller: Can<PractitionersWrite>,
        body: Body<NewPractitioner>,
    ) -> ApiResult<Created<Practitioner>> {
        let is_member = is_member(&caller, body.0.user_id).await?;
        let made = caller.transaction(async |tx| {
            let record = tx.run(store::insert(PractitionerId::new(), body.0)).await?;
            tx.run(make_resources(MODULE, vec![record.resource()])).await?;
            if is_member { Ok(record) } else { Err(no_member()) }
        });
        let record = made.await?;
        Ok(Created::at("/clinic/practitioners", record.id, record))
    }

    /// Show a practitioner.
    #[oai(path = "/clinic/practitioners/:id", method = "get", operation_id = "practitioners_get")]
    async fn get(&self, caller: Can<PractitionersRead>, id: Path<PractitionerId>) -> ApiResult<Item<Practitioner>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a practitioner.
    ///
    /// Who treats nobody any more is set to `"active": false`.
    #[oai(path = "/clinic/practitioners/:id", method = "patch", operation_id = "practitioners_update")]
    async fn update(
        &self,
        caller: Can<PractitionersWrite>,
        id: Path<PractitionerId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<PractitionerPatch>,
    ) -> ApiResult<Item<Practitioner>> {
        let named = match &body.0.user_id {
            MaybeUndefined::Value(user) => Some(*user),
            _ => None,
        };
        let is_member = is_member(&caller, named).await?;
        let changed = caller.transaction(async |tx| {
            let mut practitioner = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            practitioner.expect(&version)?;
            // Who has left the organization stays who it was.
            if !is_member && practitioner.user_id != named {
                return Err(no_member());
            }
            // Whose charts this one reaches would be reached by somebody else from then on.
            let changes = !body.0.user_id.is_undefined() && practitioner.user_id != named;
            if changes && tx.run(store::treats(id.0)).await? {
                return Err(ApiError::conflict("practitioner_treats", TREATS).at("/user_id", "stays who it is"));
            }
            body.0.apply(&mut practitioner);
            let record = tx.run(store::update(practitioner)).await?;
            let (resource, new) = record.resource();
            tx.run(make_resources(MODULE, vec![(resource, new)])).await?;
            let Practitioner { name, user_id, active, .. } = record.clone();
            tx.run(rename_resource(MODULE, resource, name, user_id, active)).await?;
            Ok(record)
        });
        changed.await.map(Item)
    }

    /// Delete a practitioner.
    ///
    /// One whom other records refer to stays (409 `in_use`): set `"active": false` instead.
    #[oai(path = "/clinic/practitioners/:id", method = "delete", operation_id = "practitioners_delete")]
    async fn delete(
        &self,
        caller: Can<PractitionersWrite>,
        id: Path<PractitionerId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            let practitioner = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            practitioner.expect_given(&version)?;
            tx.run(store::delete(id.0)).await?;
            Ok(tx.run(unmake_resource(MODULE, id.0.as_uuid().into())).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

/// Whether somebody is a member of the organization; nobody needs not be.
async fn is_member(caller: &Caller, user: Option<UserId>) -> ApiResult<bool> {
    match user {
        Some(user) => caller.is_member(user).await,
        None => Ok(true),
    }
}

const TREATS: &str = "This practitioner has patients, whose charts another person would reach, or nobody. Make another practitioner, and set \"active\": false here.";

fn no_member() -> ApiError {
    ApiError::not_found().at("/user_id", "there is no such member")
}

//! The operations on visitors of open houses.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging};
use tenantry_core::notify::time_zone;
use tenantry_core::tenancy::{Reach, TenantTx};
use tenantry_core::value::Clock;
use time::OffsetDateTime;

use super::{NewOpenHouseVisitor, OpenHouseId, OpenHouseVisitor, OpenHouseVisitorId, OpenHouseVisitorSort, store};
use crate::open_houses::store as houses;
use crate::{OpenHouseVisitorsRead, OpenHouseVisitorsWrite, Tag};

/// Who is expected at open houses.
#[derive(Default)]
pub struct OpenHouseVisitorsApi;

#[OpenApi(tag = "Tag::OpenHouses")]
impl OpenHouseVisitorsApi {
    /// List the visitors of an open house.
    #[oai(path = "/real-estate/open-houses/:id/visitors", method = "get", operation_id = "open_house_visitors_list")]
    async fn list(
        &self,
        caller: Can<OpenHouseVisitorsRead>,
        id: Path<OpenHouseId>,
        /// The order; who was expected first comes first where it is left out.
        sort: Query<Option<OpenHouseVisitorSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<OpenHouseVisitor>>> {
        let sort = sort.0.unwrap_or(OpenHouseVisitorSort::CreatedAt);
        let paging = Paging::new(&caller, "open_house_visitors", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(houses::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(caller.reach(), id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Expect somebody at an open house.
    ///
    /// As long as there is room: 409 `open_house_full`.
    #[oai(path = "/real-estate/open-houses/:id/visitors", method = "post", operation_id = "open_house_visitors_create")]
    async fn create(
        &self,
        caller: Can<OpenHouseVisitorsWrite>,
        id: Path<OpenHouseId>,
        body: Body<NewOpenHouseVisitor>,
    ) -> ApiResult<Made<OpenHouseVisitor>> {
        let made = caller.transaction(async |tx| {
            let house = tx.run(houses::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            house.is_planned()?;
            if tx.run(store::count(id.0)).await? >= i64::from(house.capacity) {
                let detail =
                    format!("It is for {} visitors, and full. Have more room, or plan another one.", house.capacity);
                return Err(ApiError::conflict("open_house_full", detail));
            }
            let place = tx.run(store::free_place(id.0)).await?;
            Ok(tx.run(store::insert(caller.reach(), id.0, place, body.0)).await?)
        });
        made.await.map(Made)
    }

    /// Note that a visitor has come.
    ///
    /// One who has come already stays as it is. Before the day of the open house: 409 `open_house_to_come`.
    #[oai(
        path = "/real-estate/open-houses/:id/visitors/:visitor_id/come",
        method = "post",
        operation_id = "open_house_visitors_come"
    )]
    async fn come(
        &self,
        caller: Can<OpenHouseVisitorsWrite>,
        id: Path<OpenHouseId>,
        visitor_id: Path<OpenHouseVisitorId>,
    ) -> ApiResult<Answer<OpenHouseVisitor>> {
        let come = caller.transaction(async |tx| {
            let house = tx.run(houses::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            house.is_planned()?;
            let visitor = locked(tx, caller.reach(), id.0, visitor_id.0).await?;
            if visitor.came_at.is_some() {
                return Ok(visitor);
            }
            let clock = Clock::of_or_utc(&tx.run(time_zone()).await?);
            if clock.day(house.starts_at.into()) > clock.day(OffsetDateTime::now_utc()) {
                let detail = "This open house is on a later day, so nobody can have come.";
                return Err(ApiError::conflict("open_house_to_come", detail));
            }
            Ok(tx.run(store::come(caller.reach(), visitor.id)).await?)
        });
        come.await.map(Answer)
    }

    /// Remove a visitor from an open house.
    #[oai(
        path = "/real-estate/open-houses/:id/visitors/:visitor_id",
        method = "delete",
        operation_id = "open_house_visitors_delete"
    )]
    async fn delete(
        &self,
        caller: Can<OpenHouseVisitorsWrite>,
        id: Path<OpenHouseId>,
        visitor_id: Path<OpenHouseVisitorId>,
    ) -> ApiResult<Deleted> {
        let gone = caller.transaction(async |tx| {
            tx.run(houses::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let visitor = locked(tx, caller.reach(), id.0, visitor_id.0).await?;
            Ok(tx.run(store::delete(caller.reach(), visitor.id)).await?)
        });
        gone.await.map(|()| Deleted)
    }
}

/// A visitor of an open house, locked.
async fn locked(
    tx: &mut TenantTx,
    reach: Reach,
    house: OpenHouseId,
    id: OpenHouseVisitorId,
) -> ApiResult<OpenHouseVisitor> {
    let visitor = tx.run(store::lock(reach, id)).await?;
    visitor.filter(|visitor| visitor.open_house_id == house).ok_or_else(ApiError::not_found)
}

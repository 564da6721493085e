//! The operations on charges and payments.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use tenantry_core::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Limit, Made, Page, Paging};
use tenantry_core::value::Date;

use super::arrears::{self, Arrears};
use super::{Charge, ChargeId, ChargeSort, NewCharge, NewPayment, Payment, PaymentSort, TenancyId, store};
use crate::tenancies::{TenancyStatus, store as tenancies};
use crate::{Tag, TenanciesRead, TenanciesWrite};

/// What tenants owe, and what they have paid.
#[derive(Default)]
pub struct ChargesApi;

#[OpenApi(tag = "Tag::Tenancies")]
impl ChargesApi {
    /// List the charges of a tenancy.
    #[oai(path = "/real-estate/tenancies/:id/charges", method = "get", operation_id = "tenancy_charges_list")]
    async fn list(
        &self,
        caller: Can<TenanciesRead>,
        id: Path<TenancyId>,
        /// The order; what is due last comes first where it is left out.
        sort: Query<Option<ChargeSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Charge>>> {
        let sort = sort.0.unwrap_or(ChargeSort::DueOnDesc);
        let paging = Paging::new(&caller, "tenancy_charges", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(tenancies::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Charge something beside the rent.
    ///
    /// Rent is charged by itself, as it falls due.
    #[oai(path = "/real-estate/tenancies/:id/charges", method = "post", operation_id = "tenancy_charges_create")]
    async fn create(
        &self,
        caller: Can<TenanciesWrite>,
        id: Path<TenancyId>,
        body: Body<NewCharge>,
    ) -> ApiResult<Made<Charge>> {
        let new = body.0.checked()?;
        let made = caller.transaction(async |tx| {
            let tenancy = tx.run(tenancies::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            if tenancy.status == TenancyStatus::Canceled {
                let detail = "This tenancy was canceled, so nobody owes anything by it.";
                return Err(ApiError::conflict("tenancy_over", detail));
            }
            Ok(tx.run(store::insert(id.0, new)).await?)
        });
        made.await.map(Made)
    }

    /// List what was paid of a charge.
    #[oai(
        path = "/real-estate/tenancies/:id/charges/:charge_id/payments",
        method = "get",
        operation_id = "tenancy_payments_list"
    )]
    async fn payments(
        &self,
        caller: Can<TenanciesRead>,
        id: Path<TenancyId>,
        charge_id: Path<ChargeId>,
        /// The order; what was received last comes first where it is left out.
        sort: Query<Option<PaymentSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Payment>>> {
        let sort = sort.0.unwrap_or(PaymentSort::ReceivedOnDesc);
        let paging = Paging::new(&caller, "tenancy_payments", sort, limit.0, cursor.0)?;
        let page = caller.read_all(async |tx| {
            tx.run(store::find(id.0, charge_id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::payments(charge_id.0, paging)).await?)
        });
        page.await.map(Answer)
    }

    /// Write down a payment.
    ///
    /// No more than is owed by the charge.
    #[oai(
        path = "/real-estate/tenancies/:id/charges/:charge_id/payments",
        method = "post",
        operation_id = "tenancy_payments_create"
    )]
    async fn pay(
        &self,
        caller: Can<TenanciesWrite>,
        id: Path<TenancyId>,
        charge_id: Path<ChargeId>,
        body: Body<NewPayment>,
    ) -> ApiResult<Made<Payment>> {
        let new = body.0.checked()?;
        let made = caller.transaction(async |tx| {
            tx.run(store::lock(id.0, charge_id.0)).await?.ok_or_else(ApiError::not_found)?;
            tx.run(store::add_paid(charge_id.0, new.amount)).await?;
            Ok(tx.run(store::pay(charge_id.0, new)).await?)
        });
        made.await.map(Made)
    }

    /// Show what a tenancy is behind with.
    ///
    /// What fell due until today, by UTC.
    #[oai(path = "/real-estate/tenancies/:id/arrears", method = "get", operation_id = "tenancy_arrears_get")]
    async fn arrears(&self, caller: Can<TenanciesRead>, id: Path<TenancyId>) -> ApiResult<Answer<Arrears>> {
        caller.read(arrears::of(id.0, Date::today())).await?.map(Answer).ok_or_else(ApiError::not_found)
    }
}

//! The SQL of services.

use tenantry_core::sql;
use tenantry_core::tenancy::{Change, List, Refusal, Statement, change, records, select, statement};
use tenantry_core::value::{Amount, Currency, Text};
use uuid::Uuid;

use super::{Service, ServiceId};

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another service is called so. Choose another name.",
};

pub(super) fn list() -> List<Service> {
    records(sql!("services"))
}

pub(crate) fn find(id: ServiceId) -> Statement<Option<Service>> {
    select::<Service>(sql!("FROM services WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: ServiceId) -> Statement<Option<Service>> {
    select::<Service>(sql!("FROM services WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(service: Service) -> Statement<Service> {
    let id = service.id;
    columns(service).set(sql!("id"), id).insert().refused_by("services_name_key", NAME_TAKEN)
}

pub(super) fn update(service: Service) -> Statement<Service> {
    let id = service.id;
    columns(service).update(id).refused_by("services_name_key", NAME_TAKEN)
}

fn columns(service: Service) -> Change<Service> {
    change(sql!("services"))
        .set(sql!("name"), service.name)
        .set(sql!("duration_minutes"), service.duration_minutes)
        .set(sql!("buffer_before_minutes"), service.buffer_before_minutes)
        .set(sql!("buffer_after_minutes"), service.buffer_after_minutes)
        .set(sql!("capacity"), service.capacity)
        .set(sql!("bookable_online"), service.bookable_online)
        .set(sql!("min_notice_minutes"), service.min_notice_minutes)
        .set(sql!("max_days_ahead"), service.max_days_ahead)
        .set(sql!("price"), service.price)
        .set(sql!("currency"), service.currency)
        .set(sql!("fee_validity_days"), service.fee_validity_days)
        .set(sql!("fee_validity_visits"), service.fee_validity_visits)
        .set(sql!("active"), service.active)
}

pub(super) fn delete(id: ServiceId) -> Statement<()> {
    statement(sql!("DELETE FROM services WHERE id = $1")).bind(id).done()
}

/// What services of these ids are called and cost. They stay until the transaction ends.
pub(crate) fn prices(ids: Vec<Uuid>) -> Statement<Vec<(ServiceId, Text<200>, Amount, Currency)>> {
    let prices = sql!("SELECT id, name, price, currency FROM services WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE");
    statement(prices).bind(ids).many()
}

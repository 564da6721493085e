//! The SQL of viewings. Whoever changes how one stands has locked its listing before.

use tenantry_core::calendar::BookingId;
use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, owned, reached};
use tenantry_core::value::Text;

use super::terms::{JoinViewing, NewViewing};
use super::{Viewing, ViewingId, ViewingSort, ViewingStatus};
use crate::properties::PropertyId;

const NO_APPLICANT: Refusal = Refusal::Missing { pointer: "/applicant_id" };
const VIEWING_ALREADY: Refusal = Refusal::Taken {
    pointer: "/applicant_id",
    code: "viewing_already",
    detail: "This contact comes to the viewing already.",
};

pub(super) fn list(reach: Reach) -> List<Viewing> {
    owned(reach).list()
}

pub(super) fn of_property(reach: Reach, property: PropertyId, paging: Paging<ViewingSort>) -> Statement<Page<Viewing>> {
    paging.page(owned(reach).list().filter(sql!("property_id = $1"), Some(property)))
}

pub(super) fn find(reach: Reach, id: ViewingId) -> Statement<Option<Viewing>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: ViewingId) -> Statement<Option<Viewing>> {
    owned(reach).lock(id)
}

pub(super) fn insert(
    reach: Reach,
    id: ViewingId,
    property: PropertyId,
    booking: BookingId,
    new: NewViewing,
) -> Statement<Viewing> {
    let NewViewing {
        listing_id,
        applicant_id,
        agent_id,
        starts_at,
        ends_at,
        accompanied,
        travel_minutes,
        capacity,
        occupier_told_at,
        note,
    } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("listing_id"), listing_id)
        .set(sql!("property_id"), property)
        .set(sql!("applicant_id"), applicant_id)
        .set(sql!("agent_id"), agent_id)
        .set(sql!("starts_at"), starts_at)
        .set(sql!("ends_at"), ends_at)
        .set(sql!("accompanied"), accompanied.unwrap_or(true))
        .set(sql!("travel_minutes"), travel_minutes.unwrap_or_default())
        .set(sql!("capacity"), capacity.unwrap_or(1))
        .set(sql!("booking_id"), booking)
        .set(sql!("occupier_told_at"), occupier_told_at)
        .set(sql!("note"), note)
        .insert()
        .refused_by("viewings_applicant_id_fkey", NO_APPLICANT)
}

/// One at the same time as another one, for somebody else.
pub(super) fn insert_with(reach: Reach, viewing: &Viewing, new: JoinViewing) -> Statement<Viewing> {
    let JoinViewing { applicant_id, note } = new;
    owned(reach)
        .change()
        .set(sql!("id"), ViewingId::new())
        .set(sql!("listing_id"), viewing.listing_id)
        .set(sql!("property_id"), viewing.property_id)
        .set(sql!("applicant_id"), applicant_id)
        .set(sql!("agent_id"), viewing.agent_id)
        .set(sql!("starts_at"), viewing.starts_at)
        .set(sql!("ends_at"), viewing.ends_at)
        .set(sql!("accompanied"), viewing.accompanied)
        .set(sql!("travel_minutes"), viewing.travel_minutes)
        .set(sql!("capacity"), viewing.capacity)
        .set(sql!("booking_id"), viewing.booking_id)
        .set(sql!("occupier_told_at"), viewing.occupier_told_at)
        .set(sql!("note"), note)
        .insert()
        .refused_by("viewings_applicant_id_fkey", NO_APPLICANT)
        .refused_by("viewings_applicant_key", VIEWING_ALREADY)
}

pub(super) fn update(reach: Reach, viewing: Viewing) -> Statement<Viewing> {
    owned(reach)
        .change()
        .set(sql!("agent_id"), viewing.agent_id)
        .set(sql!("starts_at"), viewing.starts_at)
        .set(sql!("ends_at"), viewing.ends_at)
        .set(sql!("travel_minutes"), viewing.travel_minutes)
        .set(sql!("occupier_told_at"), viewing.occupier_told_at)
        .set(sql!("note"), viewing.note)
        .set(sql!("interest"), viewing.interest)
        .set(sql!("rating"), viewing.rating)
        .set(sql!("feedback"), viewing.feedback)
        .update(viewing.id)
}

pub(super) fn set_status(reach: Reach, id: ViewingId, status: ViewingStatus) -> Statement<Viewing> {
    owned(reach).change().set(sql!("status"), status).update(id)
}

pub(super) fn cancel(reach: Reach, id: ViewingId, reason: Text<500>) -> Statement<Viewing> {
    owned(reach).change().set(sql!("status"), ViewingStatus::Cancelled).set(sql!("cancel_reason"), reason).update(id)
}

pub(super) fn delete(reach: Reach, id: ViewingId) -> Statement<()> {
    owned::<Viewing>(reach).delete(id)
}

/// How many come together, whoever they belong to.
pub(super) fn together(booking: BookingId) -> Statement<i64> {
    let all = reached(Reach::of_consequences()).with::<Viewing>().statement(sql!(
        "SELECT count(*) FROM viewings_in_reach v WHERE v.booking_id = $1 AND v.status <> 'cancelled'"
    ));
    all.bind(booking).one::<(i64,)>().map(|(count,)| count)
}

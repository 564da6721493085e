//! The SQL of visitors of open houses. Whoever says who is expected has locked the open house before.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Reach, Refusal, Statement, owned, reached};
use tenantry_core::value::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{NewOpenHouseVisitor, OpenHouseId, OpenHouseVisitor, OpenHouseVisitorId, OpenHouseVisitorSort};
use crate::properties::PropertyId;
use crate::showings::Guest;

const EXPECTED_ALREADY: Refusal = Refusal::Taken {
    pointer: "/contact_id",
    code: "visitor_already",
    detail: "This contact is expected at the open house already.",
};

pub(super) fn list(
    reach: Reach,
    house: OpenHouseId,
    paging: Paging<OpenHouseVisitorSort>,
) -> Statement<Page<OpenHouseVisitor>> {
    paging.page(owned(reach).list().filter(sql!("open_house_id = $1"), Some(house)))
}

pub(super) fn lock(reach: Reach, id: OpenHouseVisitorId) -> Statement<Option<OpenHouseVisitor>> {
    owned(reach).lock(id)
}

/// How many are expected, whoever they belong to.
pub(in crate::open_houses) fn count(house: OpenHouseId) -> Statement<i64> {
    let all = reached(Reach::of_consequences())
        .with::<OpenHouseVisitor>()
        .statement(sql!("SELECT count(*) FROM open_house_visitors_in_reach v WHERE v.open_house_id = $1"));
    all.bind(house).one::<(i64,)>().map(|(count,)| count)
}

/// The first place that nobody has.
pub(super) fn free_place(house: OpenHouseId) -> Statement<i16> {
    let free = reached(Reach::of_consequences()).with::<OpenHouseVisitor>().statement(sql!(
        "SELECT coalesce(min(p.place), 1)::smallint FROM (SELECT 1 AS place UNION ALL SELECT v.place + 1 ",
        "FROM open_house_visitors_in_reach v WHERE v.open_house_id = $1) p WHERE NOT EXISTS (SELECT 1 ",
        "FROM open_house_visitors_in_reach o WHERE o.open_house_id = $1 AND o.place = p.place)"
    ));
    free.bind(house).one::<(i16,)>().map(|(place,)| place)
}

pub(super) fn insert(
    reach: Reach,
    house: OpenHouseId,
    place: i16,
    new: NewOpenHouseVisitor,
) -> Statement<OpenHouseVisitor> {
    let NewOpenHouseVisitor { contact_id } = new;
    owned(reach)
        .change()
        .set(sql!("id"), OpenHouseVisitorId::new())
        .set(sql!("open_house_id"), house)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("place"), place)
        .insert()
        .refused_by("open_house_visitors_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
        .refused_by("open_house_visitors_key", EXPECTED_ALREADY)
}

/// Notes that somebody has come.
pub(super) fn come(reach: Reach, id: OpenHouseVisitorId) -> Statement<OpenHouseVisitor> {
    owned(reach).change().set(sql!("came_at"), OffsetDateTime::now_utc()).update(id)
}

pub(super) fn delete(reach: Reach, id: OpenHouseVisitorId) -> Statement<()> {
    owned::<OpenHouseVisitor>(reach).delete(id)
}

/// Who comes to open houses to see what.
pub(crate) fn guests(reach: Reach, houses: Vec<Uuid>) -> Statement<Vec<Guest>> {
    let expected = reached(reach).with::<OpenHouseVisitor>().statement(sql!(
        "SELECT v.contact_id, h.property_id, h.starts_at FROM open_house_visitors_in_reach v ",
        "JOIN open_houses h ON h.id = v.open_house_id WHERE h.id = ANY ($1) ORDER BY v.id"
    ));
    expected.bind(houses).many::<(ContactId, PropertyId, Moment)>().map(|expected| {
        let off = |(contact, property, starts_at)| Guest { contact, property, starts_at };
        expected.into_iter().map(off).collect()
    })
}

//! What people are told of showings, by letter, where they have an address.

use std::collections::HashMap;

use tenantry_core::crm::contacts::{Contact, ContactId};
use tenantry_core::notify::{self, Notice, NoticeKind, Notify};
use tenantry_core::tenancy::{DbError, Reach, Statement, TenantTx, reached, statement};
use tenantry_core::value::{Clock, Email, Moment, Text};
use tenantry_core::{row, sql};
use uuid::Uuid;

use crate::notices::{VIEWING_CANCELLED, VIEWING_CONFIRMED};
use crate::properties::PropertyId;

/// Who comes to see what: whom a letter is for, and about what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guest {
    /// Who.
    pub(crate) contact: ContactId,
    /// What there is to see.
    pub(crate) property: PropertyId,
    /// When.
    pub(crate) starts_at: Moment,
}

/// Who is written to.
struct Reader {
    id: ContactId,
    email: Email,
    name: String,
}
row!(Reader { id, email, name });

/// What is to be seen.
struct Sight {
    id: PropertyId,
    title: String,
    address: String,
}
row!(Sight { id, title, address });

/// Tells people when they see it, and who will be there.
pub(crate) async fn confirmed(
    tx: &mut TenantTx,
    notify: &Notify,
    guests: Vec<Guest>,
    agent: Option<Text<200>>,
) -> Result<(), DbError> {
    let agent = agent.map(|name| name.to_string()).unwrap_or_default();
    post(tx, notify, &VIEWING_CONFIRMED, guests, |notice| notice.with("agent", agent.clone())).await
}

/// Tells everybody that they need not come.
pub(crate) async fn tell(tx: &mut TenantTx, notify: &Notify, guests: Vec<Guest>) -> Result<(), DbError> {
    post(tx, notify, &VIEWING_CANCELLED, guests, |notice| notice).await
}

/// Posts a notice to each of them who has an address, all by one statement.
async fn post(
    tx: &mut TenantTx,
    notify: &Notify,
    kind: &'static NoticeKind,
    about: Vec<Guest>,
    with: impl Fn(Notice) -> Notice,
) -> Result<(), DbError> {
    if about.is_empty() {
        return Ok(());
    }
    let known = tx.run(readers(about.iter().map(|each| each.contact.as_uuid()).collect())).await?;
    let readers: HashMap<Uuid, Reader> = known.into_iter().map(|reader| (reader.id.as_uuid(), reader)).collect();
    let known = tx.run(sights(about.iter().map(|each| each.property.as_uuid()).collect())).await?;
    let sights: HashMap<Uuid, Sight> = known.into_iter().map(|sight| (sight.id.as_uuid(), sight)).collect();
    let clock = Clock::of_or_utc(&tx.run(notify::time_zone()).await?);
    let notices: Vec<Notice> = about
        .into_iter()
        .filter_map(|each| {
            let reader = readers.get(&each.contact.as_uuid())?;
            let sight = sights.get(&each.property.as_uuid())?;
            let notice = Notice::new(kind, (&reader.email).into())
                .with("name", &reader.name)
                .with("property", &sight.title)
                .with("address", &sight.address)
                .with("when", clock.written(each.starts_at.into()));
            Some(with(notice))
        })
        .collect();
    if notices.is_empty() { Ok(()) } else { tx.run(notify.post_all(notices)).await }
}

/// Those of these contacts who have an address. Everybody who would come is told, whoever they belong to.
fn readers(contacts: Vec<Uuid>) -> Statement<Vec<Reader>> {
    let readers = reached(Reach::of_consequences()).with::<Contact>().statement(sql!(
        "SELECT c.id, c.email, concat_ws(' ', c.first_name, c.last_name) FROM contacts_in_reach c ",
        "WHERE c.id = ANY ($1) AND c.email IS NOT NULL"
    ));
    readers.bind(contacts).many()
}

/// These properties, as letters call them: the first line of what is said of them, or the street.
fn sights(properties: Vec<Uuid>) -> Statement<Vec<Sight>> {
    statement(sql!(
        "SELECT p.id, coalesce(left(nullif(btrim(split_part(p.description, chr(10), 1)), ''), 120), p.street), ",
        "concat_ws(', ', p.street, concat_ws(' ', p.postcode, p.city)) FROM properties p WHERE p.id = ANY ($1)"
    ))
    .bind(properties)
    .many()
}

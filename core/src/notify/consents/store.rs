//! The SQL of consents.

use super::{Consent, ConsentId, ConsentSort, NewConsent};
use crate::http::{Page, Paging};
use crate::notify::destination::Destination;
use crate::notify::kind::{Channel, Purpose};
use crate::sql;
use crate::tenancy::{Statement, records, select, statement};
use crate::value::{Moment, Text};

pub(super) fn list(
    address: Option<Destination>,
    purpose: Option<Purpose>,
    paging: Paging<ConsentSort>,
) -> Statement<Page<Consent>> {
    let consents = records(sql!("notification_consents"))
        .filter(sql!("address = $1"), address)
        .filter(sql!("purpose = $1"), purpose);
    paging.page(consents)
}

/// Writes down what somebody has said. Said again it changes nothing, and keeps the source and the time of the first.
pub(super) fn put(new: NewConsent) -> Statement<Consent> {
    let NewConsent { address, purpose, granted, source } = new;
    let channel = address.channel();
    statement(sql!(
        "INSERT INTO notification_consents AS c (id, address, channel, purpose, granted, source) ",
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (address, purpose) DO UPDATE SET granted = excluded.granted, ",
        "source = CASE WHEN c.granted = excluded.granted THEN c.source ELSE excluded.source END, ",
        "changed_at = CASE WHEN c.granted = excluded.granted THEN c.changed_at ELSE now() END ",
        "RETURNING id, address, channel, purpose, granted, source, changed_at"
    ))
    .bind(ConsentId::new())
    .bind(address)
    .bind(channel)
    .bind(Purpose::from(purpose))
    .bind(granted)
    .bind(source)
    .one()
}

/// All that was said about these addresses.
pub(crate) fn of(addresses: Vec<Destination>) -> Statement<Vec<Consent>> {
    select::<Consent>(sql!("FROM notification_consents WHERE address = ANY ($1)")).bind(addresses).many()
}

/// What a person says at a moment, now where none is given, about all their addresses of a channel.
///
/// Said again it changes nothing, as in [`put`]. What was said later stands: a form from last year does not take back the link that was
/// followed yesterday.
pub(crate) fn say(
    addresses: Vec<Destination>,
    channel: Channel,
    purpose: Purpose,
    granted: bool,
    source: Text<200>,
    at: Option<Moment>,
) -> Statement<()> {
    let ids: Vec<ConsentId> = addresses.iter().map(|_| ConsentId::new()).collect();
    statement(sql!(
        "INSERT INTO notification_consents AS c (id, address, channel, purpose, granted, source, changed_at) ",
        "SELECT n.id, n.address, $3, $4, $5, $6, least(coalesce($7, now()), now()) ",
        "FROM unnest($1::uuid[], $2::text[]) AS n (id, address) ORDER BY n.address ",
        "ON CONFLICT (address, purpose) DO UPDATE SET granted = excluded.granted, source = excluded.source, ",
        "changed_at = excluded.changed_at WHERE c.granted <> excluded.granted AND c.changed_at <= excluded.changed_at"
    ))
    .bind(ids)
    .bind(addresses)
    .bind(channel)
    .bind(purpose)
    .bind(granted)
    .bind(source)
    .bind(at)
    .done()
}

/// What was said about an address and a purpose.
pub(in crate::notify) fn said(address: String, purpose: Purpose) -> Statement<Option<bool>> {
    statement(sql!("SELECT granted FROM notification_consents WHERE address = $1 AND purpose = $2"))
        .bind(address)
        .bind(purpose)
        .optional::<(bool,)>()
        .map(|row| row.map(|(granted,)| granted))
}

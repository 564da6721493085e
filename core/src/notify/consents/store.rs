//! The SQL of consents.

use super::{Consent, ConsentId, ConsentSort, NewConsent};
use crate::http::{Page, Paging};
use crate::notify::destination::Destination;
use crate::notify::kind::Purpose;
use crate::sql;
use crate::tenancy::{Statement, records, statement};

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

/// What was said about an address and a purpose.
pub(in crate::notify) fn said(address: String, purpose: Purpose) -> Statement<Option<bool>> {
    statement(sql!("SELECT granted FROM notification_consents WHERE address = $1 AND purpose = $2"))
        .bind(address)
        .bind(purpose)
        .optional::<(bool,)>()
        .map(|row| row.map(|(granted,)| granted))
}

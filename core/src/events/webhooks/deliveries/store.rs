//! The SQL of the log.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{Delivery, DeliveryId, DeliveryKind, DeliverySort};
use crate::events::webhooks::WebhookId;
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Fragment, Statement, records, select, statement};
use crate::value::Text;

/// For how long the log is kept.
const KEPT_DAYS: i32 = 30;

/// Which deliveries to list.
pub(super) struct Filter {
    pub(super) webhook: WebhookId,
    pub(super) event: Option<Text<100>>,
    pub(super) failed: bool,
    /// The kinds of records that the caller may not see.
    pub(super) hidden: Vec<&'static str>,
}

/// Leaves out what is over and not swept yet.
const KEPT: Fragment = sql!("at > now() - make_interval(days => $1)");

pub(super) fn list(filter: Filter, paging: Paging<DeliverySort>) -> Statement<Page<Delivery>> {
    let Filter { webhook, event, failed, hidden } = filter;
    let deliveries = records(sql!("webhook_deliveries"))
        .filter(sql!("webhook_id = $1"), Some(webhook))
        .filter(KEPT, Some(KEPT_DAYS))
        .filter(sql!("event = $1"), event)
        .filter(sql!("failure IS NOT NULL AND $1"), failed.then_some(true))
        .filter(sql!("resource <> ALL ($1)"), Some(hidden).filter(|hidden| !hidden.is_empty()));
    paging.page(deliveries)
}

pub(super) fn find(webhook: WebhookId, id: DeliveryId, hidden: Vec<&'static str>) -> Statement<Option<Delivery>> {
    select::<Delivery>(sql!(
        "FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2 AND resource <> ALL ($3) ",
        "AND at > now() - make_interval(days => $4)"
    ))
    .bind(webhook)
    .bind(id)
    .bind(hidden)
    .bind(KEPT_DAYS)
    .optional()
}

/// Writes deliveries of one endpoint down. One that was deleted meanwhile has no log.
pub(in crate::events::webhooks) fn log(webhook: WebhookId, deliveries: Vec<Delivery>) -> Statement<()> {
    fn column<T>(deliveries: &[Delivery], field: impl Fn(&Delivery) -> T) -> Vec<T> {
        deliveries.iter().map(field).collect()
    }
    let all = &deliveries;
    statement(sql!(
        "INSERT INTO webhook_deliveries (id, webhook_id, kind, event_id, event, resource, attempt, at, took_ms, status, ",
        "failure, given_up, request, answer) ",
        "SELECT n.id, w.id, n.kind, n.event_id, n.event, n.resource, n.attempt, n.at, n.took_ms, n.status, n.failure, ",
        "n.given_up, n.request, n.answer FROM webhooks w, unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], ",
        "$6::text[], $7::int2[], $8::timestamptz[], $9::int4[], $10::int2[], $11::text[], $12::bool[], $13::text[], ",
        "$14::text[]) AS n (id, kind, event_id, event, resource, attempt, at, took_ms, status, failure, given_up, ",
        "request, answer) WHERE w.id = $1"
    ))
    .bind(webhook)
    .bind(column::<Uuid>(all, |delivery| delivery.id.as_uuid()))
    .bind(column::<DeliveryKind>(all, |delivery| delivery.kind))
    .bind(column::<Uuid>(all, |delivery| delivery.event_id))
    .bind(column::<String>(all, |delivery| delivery.event.clone()))
    .bind(column::<String>(all, |delivery| delivery.resource.clone()))
    .bind(column::<i16>(all, |delivery| delivery.attempt))
    .bind(column::<OffsetDateTime>(all, |delivery| delivery.at))
    .bind(column::<i32>(all, |delivery| delivery.took_ms))
    .bind(column::<Option<i16>>(all, |delivery| delivery.status))
    .bind(column::<Option<String>>(all, |delivery| delivery.failure.clone()))
    .bind(column::<bool>(all, |delivery| delivery.given_up))
    .bind(column::<String>(all, |delivery| delivery.request.clone()))
    .bind(column::<Option<String>>(all, |delivery| delivery.answer.clone()))
    .done()
}

/// Forgets what is over.
pub(in crate::events) fn forget() -> Statement<()> {
    statement(sql!("DELETE FROM webhook_deliveries WHERE at <= now() - make_interval(days => $1)"))
        .bind(KEPT_DAYS)
        .done()
}

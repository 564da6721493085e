//! The SQL of endpoints.

use uuid::Uuid;

use super::{DisabledReason, Settings, Webhook, WebhookId, WebhookSort};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, change, records, select, statement};

const TOO_MANY: Refusal = Refusal::InTheWay {
    code: "too_many_webhooks",
    detail: "An organization has up to 20 endpoints. Delete one that is not needed any more.",
};

const AT_ONCE: Refusal =
    Refusal::InTheWay { code: "made_at_once", detail: "Another endpoint was made at the same moment. Try again." };

pub(super) fn list(paging: Paging<WebhookSort>) -> Statement<Page<Webhook>> {
    paging.page(records(sql!("webhooks")))
}

pub(super) fn find(id: WebhookId) -> Statement<Option<Webhook>> {
    select::<Webhook>(sql!("FROM webhooks WHERE id = $1")).bind(id).optional()
}

/// Which of these endpoints there are.
pub(in crate::events) fn known(ids: Vec<Uuid>) -> Statement<Vec<(WebhookId,)>> {
    statement(sql!("SELECT id FROM webhooks WHERE id = ANY ($1)")).bind(ids).many()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(id: WebhookId) -> Statement<Option<Webhook>> {
    select::<Webhook>(sql!("FROM webhooks WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

/// Takes any of the places that are free, seldom the same as somebody else at that moment; there is no twenty-first.
pub(super) fn insert(id: WebhookId, secret: Uuid, settings: Settings) -> Statement<Webhook> {
    let Settings { url, description, events, hears, enabled } = settings;
    statement(sql!(
        "INSERT INTO webhooks (id, place, url, description, events, hears, enabled, secret_id) ",
        "VALUES ($1, coalesce((SELECT p.n FROM generate_series(1, 20) AS p (n) ",
        "WHERE NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.place = p.n) ORDER BY random() LIMIT 1), 21), ",
        "$2, $3, $4, $5, $6, $7) ",
        "RETURNING id, url, description, events, hears, enabled, disabled_at, disabled_reason, secret_since, ",
        "old_secret_until, skipped_at, created_at, updated_at, secret_id, old_secret_id, version"
    ))
    .bind(id)
    .bind(url)
    .bind(description)
    .bind(events)
    .bind(hears)
    .bind(enabled)
    .bind(secret)
    .one()
    .refused_by("webhooks_place_check", TOO_MANY)
    .refused_by("webhooks_place_key", AT_ONCE)
}

pub(super) fn update(webhook: Webhook) -> Statement<Webhook> {
    change(sql!("webhooks"))
        .set(sql!("url"), webhook.url)
        .set(sql!("description"), webhook.description)
        .set(sql!("events"), webhook.events)
        .set(sql!("hears"), webhook.hears)
        .set(sql!("enabled"), webhook.enabled)
        .set(sql!("disabled_at"), webhook.disabled_at)
        .set(sql!("disabled_reason"), webhook.disabled_reason)
        .update(webhook.id)
}

/// Gives an endpoint another secret. The one it had signs for a day more; one before that does no longer.
pub(super) fn rotate(id: WebhookId, secret: Uuid) -> Statement<Option<Webhook>> {
    statement(sql!(
        "UPDATE webhooks SET old_secret_id = secret_id, old_secret_until = now() + interval '24 hours', secret_id = $2, ",
        "secret_since = now(), version = version + 1, updated_at = now() WHERE id = $1 ",
        "RETURNING id, url, description, events, hears, enabled, disabled_at, disabled_reason, secret_since, ",
        "old_secret_until, skipped_at, created_at, updated_at, secret_id, old_secret_id, version"
    ))
    .bind(id)
    .bind(secret)
    .optional()
}

pub(super) fn delete(id: WebhookId) -> Statement<()> {
    statement(sql!("DELETE FROM webhooks WHERE id = $1")).bind(id).done()
}

/// Ends what an endpoint hears, for a reason of the platform's.
pub(super) fn disable(id: WebhookId, reason: DisabledReason) -> Statement<()> {
    statement(sql!(
        "UPDATE webhooks SET enabled = false, disabled_at = now(), disabled_reason = $2, version = version + 1, ",
        "updated_at = now() WHERE id = $1 AND enabled"
    ))
    .bind(id)
    .bind(reason)
    .done()
}

/// Notes that somebody gave up an event, also at its last attempt.
pub(super) fn skipped(id: WebhookId, event: Uuid) -> Statement<()> {
    statement(sql!(
        "WITH attempt AS (UPDATE webhook_deliveries SET given_up = true WHERE id = (SELECT id FROM webhook_deliveries ",
        "WHERE webhook_id = $1 AND event_id = $2 AND kind = 'event' AND failure IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1)) ",
        "UPDATE webhooks SET skipped_at = now(), version = version + 1, updated_at = now() WHERE id = $1"
    ))
    .bind(id)
    .bind(event)
    .done()
}

/// What holds an endpoint up: the position that it has heard, where the event after that has failed. In the schema `platform`.
pub(super) fn held_up(tenant: TenantId, id: WebhookId) -> Statement<Option<(i64,)>> {
    statement(sql!("SELECT position FROM listeners WHERE tenant_id = $1 AND id = $2 AND attempts > 0"))
        .bind(tenant)
        .bind(id)
        .optional()
}

/// Has an endpoint hear on after an event, where it still waits for that one. A worker that tries it at this moment has tried
/// in vain. In the schema `platform`.
pub(super) fn skip(tenant: TenantId, id: WebhookId, heard: i64, event: i64) -> Statement<bool> {
    statement(sql!(
        "UPDATE listeners SET position = $4, attempts = 0, claim = NULL, due_at = now() ",
        "WHERE tenant_id = $1 AND id = $2 AND position = $3 AND attempts > 0 RETURNING 1"
    ))
    .bind(tenant)
    .bind(id)
    .bind(heard)
    .bind(event)
    .any()
}

/// Has an endpoint hear on at once that waits for its next attempt. In the schema `platform`.
pub(super) fn resume(tenant: TenantId, id: WebhookId) -> Statement<()> {
    statement(sql!(
        "UPDATE listeners SET due_at = now() WHERE tenant_id = $1 AND id = $2 AND due_at > now() AND claim IS NULL"
    ))
    .bind(tenant)
    .bind(id)
    .done()
}

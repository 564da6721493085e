//! The operations on endpoints.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::filter;
use super::secret::SigningSecret;
use super::{MadeWebhook, NewSecret, NewWebhook, Skipped, Webhook, WebhookId, WebhookPatch, WebhookSort, store};
use crate::events::{WebhooksRead, WebhooksWrite, feed};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Caller, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page,
    Paging, Versioned,
};
use crate::module::Tag;

/// Webhooks.
#[derive(Default)]
pub struct WebhooksApi;

#[OpenApi(tag = "Tag::Events")]
impl WebhooksApi {
    /// List the organization's endpoints for webhooks.
    #[oai(path = "/webhooks", method = "get", operation_id = "webhooks_list")]
    async fn list(
        &self,
        caller: Can<WebhooksRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<WebhookSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Webhook>>> {
        let paging = Paging::new(&caller, "webhooks", sort.0.unwrap_or(WebhookSort::CreatedAtDesc), limit.0, cursor.0)?;
        caller.read(store::list(paging)).await.map(Answer)
    }

    /// Make an endpoint.
    ///
    /// It hears of what happens from now on: of records that the caller may see now, whatever becomes of the caller. The secret
    /// that its requests are signed with is in this answer and nowhere else. An organization has up to 20 endpoints.
    #[oai(path = "/webhooks", method = "post", operation_id = "webhooks_create")]
    async fn create(&self, caller: Can<WebhooksWrite>, body: Body<NewWebhook>) -> ApiResult<Created<MadeWebhook>> {
        let (id, secret_id) = (WebhookId::new(), Uuid::new_v4());
        let shown = caller.write(store::insert(id, secret_id, body.0.checked(&caller)?)).await?;
        let secret = secret(&caller, &shown).text();
        Ok(Created::at("/webhooks", id, MadeWebhook { secret, shown }))
    }

    /// Show an endpoint.
    #[oai(path = "/webhooks/:id", method = "get", operation_id = "webhooks_get")]
    async fn get(&self, caller: Can<WebhooksRead>, id: Path<WebhookId>) -> ApiResult<Item<Webhook>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change an endpoint.
    ///
    /// Whoever changes anything of it answers for what it hears: of what it was asked for it hears what the caller may see
    /// now. 403 where that is not all that it was asked for by name. What waits for its next attempt is tried at once.
    #[oai(path = "/webhooks/:id", method = "patch", operation_id = "webhooks_update")]
    async fn update(
        &self,
        caller: Can<WebhooksWrite>,
        id: Path<WebhookId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<WebhookPatch>,
    ) -> ApiResult<Item<Webhook>> {
        let record = caller.transaction(async |tx| {
            let mut webhook = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            webhook.expect(&version)?;
            body.0.apply(&mut webhook, &caller)?;
            Ok(tx.run(store::update(webhook)).await?)
        });
        let record = record.await?;
        caller.platform().db().run(store::resume(caller.tenant(), id.0)).await?;
        Ok(Item(record))
    }

    /// Delete an endpoint.
    ///
    /// The log of its deliveries goes with it.
    #[oai(path = "/webhooks/:id", method = "delete", operation_id = "webhooks_delete")]
    async fn delete(
        &self,
        caller: Can<WebhooksWrite>,
        id: Path<WebhookId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let webhook = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            webhook.expect_given(&version)?;
            filter::expect_seen(&webhook, &caller)?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }

    /// Give an endpoint a new secret.
    ///
    /// It is in this answer and nowhere else. For 24 hours requests bear a signature of the old one beside that of the new one,
    /// so that the receiver can change over in that time. Until it is over there is no further one: 409. Where the old secret
    /// must not sign any more, make another endpoint and delete this one.
    #[oai(path = "/webhooks/:id/secret", method = "post", operation_id = "webhooks_secret_rotate")]
    async fn rotate(&self, caller: Can<WebhooksWrite>, id: Path<WebhookId>) -> ApiResult<Answer<NewSecret>> {
        let rotated = caller.transaction(async |tx| {
            let webhook = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            filter::expect_seen(&webhook, &caller)?;
            if webhook.old_secret_until.is_some() {
                return Err(ApiError::conflict(
                    "secret_changing",
                    "The secret was changed within the last day, and the one before it still signs. Wait until \
                     `old_secret_until`, or make another endpoint and delete this one.",
                ));
            }
            Ok(tx.run(store::rotate(id.0, Uuid::new_v4())).await?)
        });
        let webhook = rotated.await?.ok_or_else(ApiError::not_found)?;
        let old_secret_until = webhook.old_secret_until.ok_or_else(ApiError::internal)?;
        Ok(Answer(NewSecret { secret: secret(&caller, &webhook).text(), old_secret_until }))
    }

    /// Give up the event that holds an endpoint up.
    ///
    /// One that could not be delivered holds up those after it for three days, unless it is given up: then the next one is
    /// tried at once. It can be redelivered.
    #[oai(path = "/webhooks/:id/skip", method = "post", operation_id = "webhooks_skip")]
    async fn skip(&self, caller: Can<WebhooksWrite>, id: Path<WebhookId>) -> ApiResult<Answer<Skipped>> {
        let webhook = caller.read(store::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
        filter::expect_seen(&webhook, &caller)?;
        let db = caller.platform().db();
        let Some((heard,)) = db.run(store::held_up(caller.tenant(), id.0)).await? else {
            return Ok(Answer(Skipped { event_id: None }));
        };
        let next = feed::told(heard, i64::MAX, caller.modules().changes(&webhook.hears), 1);
        let next = caller.read(next).await?.pop().and_then(|next| next.event(caller.modules()));
        let Some(event) = next else { return Ok(Answer(Skipped { event_id: None })) };
        if !db.run(store::skip(caller.tenant(), id.0, heard, event.position)).await? {
            return Ok(Answer(Skipped { event_id: None }));
        }
        let event_id = event.id.as_uuid();
        caller.write(store::skipped(id.0, event_id)).await?;
        Ok(Answer(Skipped { event_id: Some(event_id) }))
    }
}

fn secret(caller: &Caller, webhook: &Webhook) -> SigningSecret {
    SigningSecret::new(caller.platform().webhook_key(), caller.tenant(), webhook.id, webhook.secret_id)
}

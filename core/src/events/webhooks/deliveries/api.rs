//! The operations on the log.

use std::time::Duration;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Delivery, DeliveryId, DeliveryKind, DeliverySort, store};
use crate::events::webhooks::message::{Sealed, Way};
use crate::events::webhooks::{Webhook, WebhookId, endpoint, resume};
use crate::events::{WebhooksRead, WebhooksWrite};
use crate::http::{Answer, ApiError, ApiResult, Caller, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;
use crate::value::Text;

/// Deliveries.
#[derive(Default)]
pub struct DeliveriesApi;

/// How long somebody waits who wants to see what comes back: less than a request may take.
const PATIENCE: Duration = Duration::from_secs(8);

#[OpenApi(tag = "Tag::Events")]
impl DeliveriesApi {
    /// List what was sent to an endpoint.
    ///
    /// Each attempt of the last 30 days, of events of records that the caller may see.
    #[oai(path = "/webhooks/:id/deliveries", method = "get", operation_id = "webhooks_deliveries_list")]
    async fn list(
        &self,
        caller: Can<WebhooksRead>,
        id: Path<WebhookId>,
        /// Only events of this type.
        event: Query<Option<Text<100>>>,
        /// Only what failed.
        #[oai(default)]
        failed: Query<bool>,
        /// The order; newest first where it is left out.
        sort: Query<Option<DeliverySort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Delivery>>> {
        let filter = store::Filter { webhook: id.0, event: event.0, failed: failed.0, hidden: hidden(&caller) };
        let sort = sort.0.unwrap_or(DeliverySort::AtDesc);
        let paging = Paging::new(&caller, "webhook deliveries", sort, limit.0, cursor.0)?;
        let listed = caller.read_all(async |tx| {
            tx.run(endpoint(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(filter, paging)).await?)
        });
        listed.await.map(Answer)
    }

    /// Send an event once more.
    ///
    /// At once, whatever else waits there, with the same `webhook-id` and body as before, to where the endpoint is now. The
    /// answer tells what came back within 8 seconds. Where it is one of 2xx, what waits for its next attempt is tried at
    /// once. 409 where the endpoint is disabled.
    #[oai(
        path = "/webhooks/:id/deliveries/:delivery/redeliver",
        method = "post",
        operation_id = "webhooks_deliveries_redeliver"
    )]
    async fn redeliver(
        &self,
        caller: Can<WebhooksWrite>,
        id: Path<WebhookId>,
        delivery: Path<DeliveryId>,
    ) -> ApiResult<Answer<Delivery>> {
        let hidden = hidden(&caller);
        let found = caller.read_all(async |tx| {
            let webhook = tx.run(endpoint(id.0)).await?.ok_or_else(ApiError::not_found)?;
            let before = tx.run(store::find(id.0, delivery.0, hidden)).await?.ok_or_else(ApiError::not_found)?;
            Ok((webhook, before))
        });
        let (webhook, before) = found.await?;
        if !webhook.enabled {
            return Err(ApiError::conflict("webhook_disabled", "This endpoint is disabled. Enable it first."));
        }
        let Delivery { event_id, event, resource, request, .. } = before;
        let message = Sealed { id: event_id, event, resource, body: request };
        send(&caller, &webhook, &message, DeliveryKind::Redelivery).await
    }

    /// Send a test event.
    ///
    /// An event of the type `webhook.test`, at once and to a disabled endpoint too. The answer tells what came back within 8
    /// seconds. Where it is one of 2xx, what waits for its next attempt is tried at once.
    #[oai(path = "/webhooks/:id/test", method = "post", operation_id = "webhooks_test")]
    async fn test(&self, caller: Can<WebhooksWrite>, id: Path<WebhookId>) -> ApiResult<Answer<Delivery>> {
        let webhook = caller.read(endpoint(id.0)).await?.ok_or_else(ApiError::not_found)?;
        let message = Sealed::test(&webhook, &caller.actor());
        send(&caller, &webhook, &message, DeliveryKind::Test).await
    }
}

/// Sends a message while nobody waits but who asked for it: no transaction is open meanwhile.
async fn send(
    caller: &Can<WebhooksWrite>,
    webhook: &Webhook,
    message: &Sealed,
    kind: DeliveryKind,
) -> ApiResult<Answer<Delivery>> {
    let way = Way::new(caller.platform(), caller.tenant(), webhook);
    let delivery = message.send(&way, kind, 1, PATIENCE).await;
    caller.write(store::log(webhook.id, vec![delivery.clone()])).await?;
    if delivery.succeeded() {
        caller.platform().db().run(resume(caller.tenant(), webhook.id)).await?;
    }
    Ok(Answer(delivery))
}

/// The kinds of records that the caller may not see.
fn hidden(caller: &Caller) -> Vec<&'static str> {
    caller.modules().events().filter(|source| !caller.allows(source.read)).map(|source| source.resource).collect()
}

//! A provider that is reached over HTTP: one POST for each message, whose body the operator describes.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http::StatusCode;
use reqwest::Client;
use reqwest::redirect::Policy;
use uuid::Uuid;

use super::{Provider, SmsError, TextMessage};
use crate::config::SmsProvider;
use crate::mail::Failure;

/// Time for a whole request, within that for a piece of work.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) struct HttpProvider {
    client: Client,
    provider: SmsProvider,
}

impl HttpProvider {
    pub(super) fn new(provider: SmsProvider) -> Result<Self, SmsError> {
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build()?;
        Ok(Self { client, provider })
    }

    async fn hand_over(&self, id: Uuid, message: TextMessage) -> Result<(), Failure> {
        let body = self.provider.body(&message).map_err(|_| Failure::never("TENANTRY_SMS_BODY cannot be filled"))?;
        let request = self.client.post(self.provider.url()).headers(self.provider.headers());
        let answer = request.header("idempotency-key", id.to_string()).body(body).send().await;
        // What the provider says may quote the message or its recipient, so only its status is kept.
        match answer.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) if is_for_good(status) => {
                Err(Failure::never(format!("the provider refused it: HTTP {}", status.as_u16())))
            }
            Ok(status) => Err(Failure::later(format!("the provider could not take it: HTTP {}", status.as_u16()))),
            Err(error) if error.is_timeout() => Err(Failure::later("the provider took too long")),
            Err(_) => Err(Failure::later("the provider cannot be reached")),
        }
    }
}

/// Whether it is the message that is refused, and not us or the moment.
fn is_for_good(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNPROCESSABLE_ENTITY
    )
}

impl Provider for HttpProvider {
    fn send<'a>(&'a self, id: Uuid, message: TextMessage) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.hand_over(id, message))
    }
}

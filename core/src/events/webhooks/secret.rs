//! What requests are signed with, as Standard Webhooks has it.
//!
//! A secret stands nowhere: it is made of the endpoint's ids and of a key that only the installation's secret gives. So it
//! is in no dump, no journal and no log, and a new id makes a new one.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

use super::{Webhook, WebhookId};
use crate::tenancy::TenantId;

/// The secret of an endpoint: 32 bytes. It cannot be printed.
pub(super) struct SigningSecret(hmac::Tag);

impl SigningSecret {
    pub(super) fn new(key: &hmac::Key, tenant: TenantId, webhook: WebhookId, id: Uuid) -> Self {
        let mut context = hmac::Context::with_key(key);
        for part in [tenant.as_uuid(), webhook.as_uuid(), id] {
            context.update(part.as_bytes());
        }
        Self(context.sign())
    }

    /// Those that an endpoint's requests are signed with: its own, and for a while the one before it.
    pub(super) fn all(key: &hmac::Key, tenant: TenantId, webhook: &Webhook) -> Vec<Self> {
        let ids = [Some(webhook.secret_id), webhook.old_secret_id];
        ids.into_iter().flatten().map(|id| Self::new(key, tenant, webhook.id, id)).collect()
    }

    /// As its owner gets it, once.
    pub(super) fn text(&self) -> String {
        format!("whsec_{}", BASE64_STANDARD.encode(self.0.as_ref()))
    }

    /// The signature of a message: `v1,…`.
    pub(super) fn sign(&self, id: Uuid, timestamp: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref());
        let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(tag.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_endpoints_alone() {
        let key = |text: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, text);
        let (tenant, webhook, id) = (TenantId::random(), WebhookId::new(), Uuid::new_v4());
        let text = |key, tenant, webhook, id| SigningSecret::new(&key, tenant, webhook, id).text();
        let own = text(key(b"a"), tenant, webhook, id);
        assert_eq!(own, text(key(b"a"), tenant, webhook, id));
        assert_eq!(BASE64_STANDARD.decode(own.strip_prefix("whsec_").unwrap()).unwrap().len(), 32);
        for other in [
            text(key(b"b"), tenant, webhook, id),
            text(key(b"a"), TenantId::random(), webhook, id),
            text(key(b"a"), tenant, WebhookId::new(), id),
            text(key(b"a"), tenant, webhook, Uuid::new_v4()),
        ] {
            assert_ne!(other, own);
        }
    }
}

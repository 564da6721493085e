//! What operations on notices ask for that no schema tells: words that are stored, links, the secret of the mail service.

use serde_json::json;
use tenantry_core::testing::TestPlatform;
use uuid::Uuid;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// Of the mail service.
const SECRET: &str = "a-secret-of-the-mail-service-1234567890";

/// The prover's platform, which hears of letters that came back. What is sent to webhooks goes where nobody listens, so that it
/// comes back at once.
pub async fn platform() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| {
        config.mail.bounce_secret = Some(SECRET.parse().expect("a secret"));
        config.egress.allow = vec!["127.0.0.0/8".parse().expect("a network")];
        // A proof takes many thousand requests by the same people, on a slow machine more than a quarter of an hour.
        config.identity.access_ttl = std::time::Duration::from_secs(2 * 3600);
    })
    .await
}

impl World {
    /// Gives the call what it needs.
    pub async fn set_notice(&self, tenant: &Tenant, operation: &Operation, call: &mut Call) {
        if operation.id == "inbound_bounces" {
            call.secret = Some(SECRET);
        }
        for (place, name, value) in &mut call.parameters {
            match (*place, name.as_str()) {
                (Place::Path, "token") if operation.path == "/api/v1/unsubscribe/{token}" => {
                    let address = self.consents(tenant).await;
                    *value = self.platform.unsubscribe_token(tenant.organization.tenant(), &address);
                }
                // Words of their own for each call, so that none changes what another one is made for.
                (Place::Path, "language") => *value = self.stored_words(tenant).await,
                _ => {}
            }
        }
    }

    /// Consents of two people, and the address of the first.
    pub async fn consents(&self, tenant: &Tenant) -> String {
        let canary = &tenant.sampler.canary;
        let addresses = ["consents", "too"].map(|word| format!("{canary}-{word}@example.com"));
        for address in &addresses {
            let consent = json!({ "address": address, "purpose": "marketing", "granted": true, "source": canary });
            tenant.owner.put_json("/notification-consents", consent).await.expect(200);
        }
        let [first, _] = addresses;
        first
    }

    /// The language of words that a tenant has just stored.
    async fn stored_words(&self, tenant: &Tenant) -> String {
        let schema = tenant.organization.tenant().schema();
        let room = format!(
            "DELETE FROM {schema}.notification_templates WHERE id IN
                (SELECT id FROM {schema}.notification_templates ORDER BY created_at DESC, id OFFSET 300)"
        );
        self.superuser.batch_execute(&room).await.expect("room for words");
        let letters = Uuid::new_v4().simple().to_string();
        let letters: String = letters.bytes().take(5).map(|b| char::from(b'a' + (b % 26))).collect();
        let language = format!("{}-{}", &letters[..3], letters[3..].to_uppercase());
        let path = format!("/notification-templates/task-due/email/{language}");
        let words = json!({ "subject": "{{ task }}", "body": tenant.sampler.canary });
        tenant.owner.put_json(&path, words).await.expect(200);
        language
    }
}

//! The letter that an endpoint was disabled.

use super::{DisabledReason, Webhook};
use crate::mail::Letter;
use crate::sql;
use crate::tenancy::{DbError, Statement, TenantId, statement};
use crate::value::one_line;
use crate::worker::TenantWork;

/// Posts it to the owners and admins of the organization.
pub(super) async fn post(work: &TenantWork, webhook: &Webhook, reason: DisabledReason) -> Result<(), DbError> {
    let platform = work.platform();
    let readers = platform.db().run(readers(work.tenant())).await?;
    let letters = readers.into_iter().map(|(to, organization)| letter(to, &organization, webhook, reason));
    platform.db().run(platform.mail().post_all(letters)).await
}

/// Who answers for the organization: address, and its name.
fn readers(tenant: TenantId) -> Statement<Vec<(String, String)>> {
    statement(sql!(
        "SELECT u.email, t.name FROM memberships m JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = m.tenant_id ",
        "WHERE m.tenant_id = $1 AND m.role IN ('owner', 'admin') ORDER BY u.id LIMIT 100"
    ))
    .bind(tenant)
    .many()
}

/// It names the host alone: what stands behind that may be a secret of the receiver's.
fn letter(to: String, organization: &str, webhook: &Webhook, reason: DisabledReason) -> Letter {
    let host = webhook.url.split('/').nth(2).unwrap_or_default();
    let (host, organization) = (one_line(host), one_line(organization));
    let why = match reason {
        DisabledReason::Gone => "It answered that it is gone for good (410).",
        DisabledReason::Failing => "For five days nothing could be delivered there.",
    };
    Letter {
        to,
        subject: "A webhook was disabled".to_owned(),
        text: format!(
            "Hello,\n\nthe webhook of {organization} to {host} was disabled, so it is told nothing any more. {why}\n\n\
             Its deliveries say what came back. Once the receiver works, enable it again; what happened in the meantime \
             can be asked for as events.\n\nIts id: {}\n",
            webhook.id
        ),
    }
}

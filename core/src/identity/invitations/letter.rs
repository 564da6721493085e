//! The letter that invites, and the one to the first owner of an organization that an operator makes.

use super::store::{self, Sender};
use crate::identity::auth::account::OneTimeToken;
use crate::mail::{Letter, Mail};
use crate::permission::Role;
use crate::platform::{Platform, PlatformTx};
use crate::tenancy::{DbError, TenantId};
use crate::value::{Email, Text, one_line};

/// The same whether or not the address has an account.
pub(super) fn letter(mail: &Mail, to: &str, organization: &str, token: &OneTimeToken) -> Letter {
    let link = mail.link("accept-invitation", &token.text);
    // Names that are older than the rule for them may have lines, which would read as ours.
    let organization = one_line(organization);
    Letter {
        to: to.to_owned(),
        subject: format!("You are invited to {organization}"),
        text: format!(
            "Hello,\n\nyou are invited to join {organization}. To accept, within 7 days:\n\n{link}\n\n\
             If you do not know why, ignore this letter.\n"
        ),
    }
}

/// Invites the first owner of an organization that has no people yet. An earlier invitation of the kind is void then,
/// whomever it went to.
///
/// # Errors
/// Those of the database.
pub(crate) async fn invite_owner(
    platform: &Platform,
    tx: &PlatformTx<'_>,
    tenant: TenantId,
    name: &Text<200>,
    owner: &Email,
) -> Result<(), DbError> {
    let (token, email) = (OneTimeToken::new(), owner.canonical());
    let letter = letter(platform.mail(), &email, name.as_str(), &token);
    let role = Role::Owner.into();
    tx.run(store::revoke_of_operators(tenant)).await?;
    tx.run(store::invite(tenant, Sender::Operator, role, vec![email], vec![token.hash])).await?;
    tx.run(platform.mail().post(letter)).await
}

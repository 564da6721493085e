//! The letter that invites, and the one to the first owner of an organization that an operator makes.

use super::store::{self, Sender};
use crate::identity::auth::account::OneTimeToken;
use crate::identity::notices::INVITATION;
use crate::mail::Mail;
use crate::notify::{Destination, Notice};
use crate::permission::Role;
use crate::platform::{Platform, PlatformTx};
use crate::tenancy::{DbError, TenantId};
use crate::value::Email;

/// The same whether or not the address has an account.
pub(super) fn letter(mail: &Mail, to: String, token: &OneTimeToken) -> Notice {
    Notice::new(&INVITATION, Destination::stored(to)).with("link", mail.link("accept-invitation", &token.text))
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
    owner: &Email,
) -> Result<(), DbError> {
    let (token, email) = (OneTimeToken::new(), owner.canonical());
    let letter = letter(platform.mail(), email.clone(), &token);
    let role = Role::Owner.into();
    tx.run(store::revoke_of_operators(tenant)).await?;
    tx.run(store::invite(tenant, Sender::Operator, role, vec![email], vec![token.hash])).await?;
    tx.run(platform.notify().post_for(tenant, [letter])).await
}

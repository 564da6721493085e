//! The letter that invites, and the one to the first owner of an organization that an operator makes.

use super::store::{self, Sender};
use crate::identity::auth::account::OneTimeToken;
use crate::mail::{Letter, Mail};
use crate::permission::Role;
use crate::platform::{Platform, PlatformTx};
use crate::tenancy::{DbError, NewTenant};
use crate::value::Email;

/// The same whether or not the address has an account.
pub(super) fn letter(mail: &Mail, to: &str, organization: &str, token: &OneTimeToken) -> Letter {
    let link = mail.link("accept-invitation", &token.text);
    Letter {
        to: to.to_owned(),
        subject: format!("You are invited to {organization}"),
        text: format!(
            "Hello,\n\nyou are invited to join {organization}. To accept, within 7 days:\n\n{link}\n\n\
             If you do not know why, ignore this letter.\n"
        ),
    }
}

/// Invites the first owner of an organization that is being made, in the transaction that makes it.
///
/// # Errors
/// Those of the database.
pub(crate) async fn invite_owner(
    platform: &Platform,
    tx: &PlatformTx<'_>,
    new: &NewTenant,
    owner: &Email,
) -> Result<(), DbError> {
    let (token, email) = (OneTimeToken::new(), owner.canonical());
    let letter = letter(platform.mail(), &email, new.name.as_str(), &token);
    let role = Role::Owner.into();
    tx.run(store::invite(new.id, Sender::Operator, role, vec![email], vec![token.hash])).await?;
    tx.run(platform.mail().post(letter)).await
}

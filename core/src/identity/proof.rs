//! Proving by a password who one is. Whatever asks for a password asks here, so that wrong ones are always counted.

use poem::Request;

use super::attempts::{Attempt, network};
use crate::http::ApiResult;
use crate::platform::Platform;
use crate::tenancy::Statement;

/// Somebody whose password can be wrong.
pub(crate) trait Account {
    /// Accounts of different kinds are counted apart.
    const KIND: &'static str;

    /// The hash of the password.
    fn password_hash(&self) -> &str;
}

/// The account that `find` finds, if this is its password; an unknown one and a wrong password are the same, in time too.
///
/// # Errors
/// 429 where too many were wrong, for this account from this network or for all accounts from it; 503 where too many
/// passwords wait to be hashed.
pub(crate) async fn prove<A: Account + 'static>(
    platform: &Platform,
    request: &Request,
    email: &str,
    password: String,
    find: Statement<Option<A>>,
) -> ApiResult<Option<A>> {
    let (db, limits, network) = (platform.db(), &platform.config().identity.attempts, network(request));
    let here = Attempt::new(A::KIND, &[&network], limits.sign_in_network);
    here.check(db).await?;
    // Counted before it is known to be wrong: of a thousand tries at once only ten are made.
    let account = Attempt::new(A::KIND, &[&network, email], limits.sign_in);
    account.begin(db).await?;
    let known = db.run(find).await?;
    let stored = known.as_ref().map(|known| known.password_hash().to_owned());
    match platform.passwords().verify(password, stored).await {
        Ok(true) => {
            db.run(account.forgive()).await?;
            Ok(known)
        }
        Ok(false) => {
            // This try has been made; whether it is the network's last one is the next one's matter.
            drop(here.begin(db).await);
            Ok(None)
        }
        Err(busy) => {
            db.run(account.take_back()).await?;
            Err(busy)
        }
    }
}

//! Somebody new, who joins an organization by an invitation.

use poem::Request;
use uuid::Uuid;

use super::session::{NewSession, SignedInAnswer, UserAnswer};
use super::store;
use crate::http::{ApiError, ApiResult};
use crate::platform::Platform;
use crate::tenancy::Statement;

/// An account that is about to be made.
pub(in crate::identity) struct Newcomer {
    pub(in crate::identity) id: Uuid,
    pub(in crate::identity) email: String,
    pub(in crate::identity) name: String,
    /// The hash.
    pub(in crate::identity) password: String,
}

impl Newcomer {
    /// Stores the account; 409 where the address has one.
    pub(in crate::identity) fn insert(&self) -> Statement<()> {
        store::insert_user(self.id, self.email.clone(), self.name.clone(), self.password.clone())
    }
}

/// Signs a newcomer in to the organization that was joined just now, the only one.
pub(in crate::identity) async fn welcome(
    platform: &Platform,
    request: &Request,
    newcomer: Newcomer,
) -> ApiResult<SignedInAnswer> {
    let home = platform.db().run(store::homes(newcomer.id, None)).await?.ok_or_else(ApiError::not_found)?;
    let place = home.place();
    let session = NewSession::new(platform, request);
    platform.db().run(store::insert_session(&session, newcomer.id, Some(place.organization.id))).await?;
    let user = UserAnswer { id: newcomer.id, email: newcomer.email, name: newcomer.name };
    session.answer(platform, user, Some(place))
}

//! `GET /users/me`: who the token is for.

use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use crate::http::{Answer, ApiError, ApiResult, SignedIn};
use crate::module::Tag;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select};

/// The person who is signed in.
#[derive(Debug, Serialize, Object)]
pub struct Me {
    /// Its id.
    pub id: Uuid,
    /// The address for signing in.
    pub email: String,
    /// How the person wants to be called.
    pub name: String,
}
row!(Me { id, email, name });

/// People.
#[derive(Default)]
pub struct UsersApi;

#[OpenApi(tag = "Tag::SignIn")]
impl UsersApi {
    /// Show who is signed in.
    #[oai(path = "/users/me", method = "get", operation_id = "users_me")]
    async fn me(&self, caller: SignedIn) -> ApiResult<Answer<Me>> {
        let me = caller.run(live(&caller)).await?;
        me.map(Answer).ok_or_else(|| ApiError::unauthenticated("This session has ended. Sign in again."))
    }
}

/// The user, as long as the session is live and the token's role is still the member's: this route has no tenant's
/// door to check it.
fn live(caller: &SignedIn) -> Statement<Option<Me>> {
    select::<Me>(sql!(
        "FROM users WHERE id = $1 AND EXISTS (SELECT 1 FROM sessions ",
        "WHERE sessions.id = $2 AND sessions.user_id = $1 AND role = $3 AND ended_at IS NULL AND expires_at > now())"
    ))
    .bind(caller.user())
    .bind(caller.session())
    .bind(caller.role())
    .optional()
}

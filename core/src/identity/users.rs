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
        caller.run(find(caller.user())).await?.map(Answer).ok_or_else(ApiError::not_found)
    }
}

fn find(user: Uuid) -> Statement<Option<Me>> {
    select::<Me>(sql!("FROM users WHERE id = $1")).bind(user).optional()
}

//! The operations on sessions: new tokens, log-out, the list, another organization.

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::super::refresh::RefreshToken;
use super::super::session::{self, NewSession, Origin, SignedInAnswer};
use super::store::{self, Presented};
use super::{Session, SessionId, SessionSort};
use crate::http::{
    Anonymous, Answer, ApiError, ApiResult, Body, Cursor, Deleted, Limit, Page, Paging, Proven, SignedIn,
};
use crate::identity::organization::OrganizationId;
use crate::module::Tag;
use crate::value::Text;

/// A refresh token, to be exchanged.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The one of the last answer.
    refresh_token: Text<200>,
}

/// Sessions.
#[derive(Default)]
pub struct SessionsApi;

#[OpenApi(tag = "Tag::SignIn")]
impl SessionsApi {
    /// Get new tokens.
    ///
    /// The refresh token is used up by this; the answer has the next one. Used again within ten seconds it gives the same
    /// next one, for answers get lost, but only as long as that next one was not used itself. Used again later, or once the
    /// next one was used, it tells that somebody has a copy: the answer is 401, and the session ends. So let the tabs of one
    /// browser share the token, and refresh in one of them.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "auth_refresh")]
    async fn refresh(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<Refresh>,
    ) -> ApiResult<Proven<SignedInAnswer>> {
        let Anonymous(platform) = caller;
        let token = RefreshToken::open(platform.refresh_key(), body.0.refresh_token.as_str()).ok_or_else(over)?;
        let rotation = store::rotate(token, Origin::of(request), &platform.config().identity);
        match platform.db().run(rotation).await?.ok_or_else(over)? {
            Presented::Rotated(next) => {
                let refresh = RefreshToken { generation: next.generation, ..token };
                session::answer(&platform, refresh, next.user, next.place).map(Proven)
            }
            Presented::Suspended => Err(inactive()),
            Presented::Reused => {
                tracing::warn!(session = %token.session, "a refresh token was used twice; its session has ended");
                Err(over())
            }
        }
    }

    /// Log out.
    ///
    /// Ends this session: its access tokens and its refresh token are refused from now on.
    #[oai(path = "/auth/logout", method = "post", operation_id = "auth_logout")]
    async fn logout(&self, caller: SignedIn) -> ApiResult<Deleted> {
        caller.run(store::end(caller.user(), caller.session())).await?;
        Ok(Deleted)
    }

    /// Log out everywhere.
    ///
    /// Ends all sessions of this person, in all organizations. API keys stay.
    #[oai(path = "/auth/logout-all", method = "post", operation_id = "auth_logout_all")]
    async fn logout_all(&self, caller: SignedIn) -> ApiResult<Deleted> {
        caller.run(store::end_all(caller.user())).await?;
        Ok(Deleted)
    }

    /// List where I am signed in.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "sessions_list")]
    async fn list(
        &self,
        caller: SignedIn,
        /// The order; newest first where it is left out.
        sort: Query<Option<SessionSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Session>>> {
        let sort = sort.0.unwrap_or(SessionSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "sessions", sort, limit.0, cursor.0)?;
        let page = caller.run(store::list(caller.user(), paging)).await?;
        let current = caller.session();
        Ok(Answer(page.map(|stored| stored.shown_to(current))))
    }

    /// End one of my sessions.
    #[oai(path = "/auth/sessions/:id", method = "delete", operation_id = "sessions_delete")]
    async fn delete(&self, caller: SignedIn, id: Path<SessionId>) -> ApiResult<Deleted> {
        let ended = caller.run(store::end(caller.user(), id.0.as_uuid())).await?;
        if ended { Ok(Deleted) } else { Err(ApiError::not_found()) }
    }

    /// Sign in to another organization that I belong to.
    ///
    /// Starts a session of its own there. This one goes on, and its tokens still mean the organization that they were
    /// given for.
    #[oai(path = "/organizations/:id/select", method = "post", operation_id = "organizations_select")]
    async fn select(
        &self,
        caller: SignedIn,
        request: &Request,
        id: Path<OrganizationId>,
    ) -> ApiResult<Answer<SignedInAnswer>> {
        let new = NewSession::new(caller.platform(), request);
        let selected = caller.run(store::select(&caller, &new, id.0.as_uuid())).await?;
        let store::Selected { user, place } = selected.ok_or_else(ApiError::not_found)?;
        let place = place.ok_or_else(inactive)?;
        new.answer(caller.platform(), user, Some(place)).map(Answer)
    }
}

fn over() -> ApiError {
    ApiError::unauthenticated(
        "The refresh token is not valid, was used before, or its session has ended. Sign in again.",
    )
}

fn inactive() -> ApiError {
    ApiError::conflict("no_organization", "This organization is not active. Sign in to another one.")
}

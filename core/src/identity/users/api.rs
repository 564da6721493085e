//! The operations on one's own account.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::export::{self, Export};
use super::{Belonging, BelongingSort, Me, MePatch, store};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Cursor, Deleted, IfMatch, Item, Limit, Page, Paging, SignedIn, Versioned,
};
use crate::module::Tag;

/// People.
#[derive(Default)]
pub struct UsersApi;

#[OpenApi(tag = "Tag::SignIn")]
impl UsersApi {
    /// Show who is signed in.
    #[oai(path = "/users/me", method = "get", operation_id = "users_me")]
    async fn me(&self, caller: SignedIn) -> ApiResult<Item<Me>> {
        caller.run(store::find(caller.user())).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change one's name, language or time zone.
    #[oai(path = "/users/me", method = "patch", operation_id = "users_me_update")]
    async fn update(
        &self,
        caller: SignedIn,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<MePatch>,
    ) -> ApiResult<Item<Me>> {
        let me = caller
            .transaction(async |tx| {
                let mut me = tx.run(store::lock(caller.user())).await?.ok_or_else(ApiError::not_found)?;
                me.expect(&version)?;
                body.0.apply(&mut me);
                Ok(tx.run(store::update(me)).await?)
            })
            .await?;
        Ok(Item(me))
    }

    /// Delete one's account.
    ///
    /// For who signed in less than 15 minutes ago, and is not the last owner of an organization: give it to somebody else
    /// or delete it first. What the person has made in organizations stays there, without the person's name and address.
    #[oai(path = "/users/me", method = "delete", operation_id = "users_me_delete")]
    async fn delete(&self, caller: SignedIn) -> ApiResult<Deleted> {
        let user = caller.user();
        caller
            .transaction(async |tx| {
                if !tx.run(store::is_fresh(caller.session())).await? {
                    return Err(ApiError::sign_in_again());
                }
                // Of every organization that the person is in: one that makes the person its owner just now waits, or is
                // seen below.
                tx.run(store::lock_organizations(user)).await?;
                if tx.run(store::is_a_last_owner(user)).await? {
                    return Err(ApiError::conflict(
                        "last_owner",
                        "You are the last owner of an organization. Make somebody else an owner, or delete it, first.",
                    ));
                }
                tx.run(store::erase(user)).await?;
                Ok(Deleted)
            })
            .await
    }

    /// List the organizations that one belongs to.
    #[oai(path = "/users/me/organizations", method = "get", operation_id = "users_me_organizations")]
    async fn organizations(
        &self,
        caller: SignedIn,
        /// The order; the one joined first comes first where it is left out.
        sort: Query<Option<BelongingSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Belonging>>> {
        let sort = sort.0.unwrap_or(BelongingSort::JoinedAt);
        let paging = Paging::new(&caller, "belongings", sort, limit.0, cursor.0)?;
        let page = caller.run(store::belongings(caller.user(), paging)).await?;
        Ok(Answer(page.map(Belonging::from)))
    }

    /// Export everything that the platform keeps of oneself.
    ///
    /// What organizations keep is theirs, and in their exports.
    #[oai(path = "/users/me/export", method = "get", operation_id = "users_me_export")]
    async fn export(&self, caller: SignedIn) -> ApiResult<Answer<Export>> {
        caller.transaction(async |tx| export::collect(tx, caller.user()).await).await.map(Answer)
    }
}

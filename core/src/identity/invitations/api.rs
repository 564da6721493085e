//! `/invitations`, and joining by one.

use std::time::Duration;

use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::letter::letter;
use super::promise::Promise;
use super::store::Sender;
use super::{Acceptance, Invitation, InvitationId, InvitationList, InvitationSort, Joining, NewInvitations, store};
use crate::http::{
    Anonymous, Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging, Quota, SignedIn,
};
use crate::identity::auth::account::{OneTimeToken, hash_of, token_invalid};
use crate::identity::auth::{self, OrganizationAnswer, SignedInAnswer};
use crate::identity::members::store::lock_organization;
use crate::identity::roles::grantable;
use crate::identity::{InvitationsRead, InvitationsWrite};
use crate::module::{Modules, Tag};
use crate::notify::Notice;
use crate::permission::RoleRef;
use crate::platform::PlatformTx;

/// Addresses in one request.
const AT_ONCE: usize = 100;
/// Letters that one organization sends in a day.
const A_DAY: i64 = 500;

/// Invitations.
#[derive(Default)]
pub struct InvitationsApi;

#[OpenApi(tag = "Tag::Members")]
impl InvitationsApi {
    /// List the invitations.
    #[oai(path = "/invitations", method = "get", operation_id = "invitations_list")]
    async fn list(
        &self,
        caller: Can<InvitationsRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<InvitationSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Invitation>>> {
        let sort = sort.0.unwrap_or(InvitationSort::CreatedAtDesc);
        let paging = Paging::new(&caller, "invitations", sort, limit.0, cursor.0)?;
        let page = caller.admit().await?.run(store::list(caller.tenant(), paging)).await?;
        Ok(Answer(page.map(|stored| stored.shown(caller.modules()))))
    }

    /// Invite people by e-mail.
    ///
    /// Each gets a letter whose link works once, for 7 days. An address that is invited already gets a new letter, and the
    /// link of the older one does not work any more. An invitation ends with its sender's right to invite for that role.
    #[oai(path = "/invitations", method = "post", operation_id = "invitations_create")]
    async fn create(
        &self,
        caller: Can<InvitationsWrite>,
        body: Body<NewInvitations>,
    ) -> ApiResult<Made<InvitationList>> {
        let NewInvitations { emails, role } = body.0;
        if !(1..=AT_ONCE).contains(&emails.len()) {
            return Err(ApiError::invalid().at("/emails", format!("1 to {AT_ONCE} addresses")));
        }
        let given: Vec<String> = emails.iter().map(crate::value::Email::canonical).collect();
        let invited = caller.govern(async |tx| {
            let members = tx.run(store::members(caller.tenant(), given.clone())).await?;
            if let Some(n) = given.iter().position(|email| members.contains(email)) {
                return Err(ApiError::conflict("member_already", "One of them is a member already.")
                    .at(format!("/emails/{n}"), "is a member"));
            }
            let mut emails = given;
            emails.sort();
            emails.dedup();
            send(&caller, tx, role, emails).await
        });
        Ok(Made(InvitationList { items: invited.await? }))
    }

    /// Send an invitation once more.
    ///
    /// With a new link; the older one does not work any more.
    #[oai(path = "/invitations/:id/resend", method = "post", operation_id = "invitations_resend")]
    async fn resend(&self, caller: Can<InvitationsWrite>, id: Path<InvitationId>) -> ApiResult<Answer<InvitationList>> {
        let sent = caller.govern(async |tx| {
            let pending = tx.run(store::pending(caller.tenant(), id.0)).await?;
            let (email, role) = pending.ok_or_else(ApiError::not_found)?;
            send(&caller, tx, role, vec![email]).await
        });
        Ok(Answer(InvitationList { items: sent.await? }))
    }

    /// Take an invitation back.
    #[oai(path = "/invitations/:id", method = "delete", operation_id = "invitations_delete")]
    async fn revoke(&self, caller: Can<InvitationsWrite>, id: Path<InvitationId>) -> ApiResult<Deleted> {
        let revoked = caller.govern(async |tx| {
            let pending = tx.run(store::pending(caller.tenant(), id.0)).await?;
            let (_, role) = pending.ok_or_else(ApiError::not_found)?;
            grantable(&caller, tx, role, "/role").await?;
            Ok(tx.run(store::revoke(caller.tenant(), id.0)).await?)
        });
        revoked.await?;
        Ok(Deleted)
    }

    /// Accept an invitation as somebody new.
    ///
    /// Makes the account of the invited address, which the letter has proved. Who has one already signs in and joins:
    /// `POST /users/me/organizations`.
    #[oai(path = "/invitations/accept", method = "post", operation_id = "invitations_accept")]
    async fn accept(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<Acceptance>,
    ) -> ApiResult<Made<SignedInAnswer>> {
        let Anonymous(platform) = caller;
        let Acceptance { token, name, password } = body.0;
        let hash = hash_of(token.as_str());
        // Before the password's hash, which costs a core some time.
        let promise = platform.db().run(store::find(hash.clone())).await?;
        let promise = promise.filter(|promise| promise.rights.hold(platform.modules())).ok_or_else(token_invalid)?;
        let chosen = platform.passwords().choose(&password, &[&promise.email, name.as_str()]).await;
        let password = chosen.map_err(|error| error.at("/password"))?;
        let newcomer = auth::Newcomer { id: Uuid::now_v7(), email: promise.email, name: name.to_string(), password };
        let joined = platform.db().transaction(async |tx| {
            hold(tx, platform.modules(), &hash).await?;
            tx.run(newcomer.insert()).await?;
            if tx.run(store::accept(hash, newcomer.id)).await? { Ok(()) } else { Err(token_invalid()) }
        });
        joined.await?;
        auth::welcome(&platform, request, newcomer).await.map(Made)
    }

    /// Join an organization by an invitation.
    ///
    /// For the invited address only. Select the organization to get tokens for it.
    #[oai(path = "/users/me/organizations", method = "post", operation_id = "users_me_organizations_join")]
    async fn join(&self, caller: SignedIn, body: Body<Joining>) -> ApiResult<Made<OrganizationAnswer>> {
        let hash = hash_of(body.0.token.as_str());
        let joined = caller.transaction(async |tx| {
            let promise = hold(tx, caller.platform().modules(), &hash).await?;
            if !tx.run(store::is_of(caller.user(), promise.email)).await? {
                return Err(token_invalid());
            }
            if !tx.run(store::accept(hash, caller.user())).await? {
                return Err(token_invalid());
            }
            let (id, slug, name, role) = tx.run(store::joined(caller.user(), promise.tenant)).await?;
            Ok(OrganizationAnswer { id, slug, name, role })
        });
        joined.await.map(Made)
    }
}

/// Invites addresses and posts the letters, where the day's are not used up and the role is not above the caller's.
async fn send<P>(
    caller: &Can<P>,
    tx: &PlatformTx<'_>,
    role: RoleRef,
    emails: Vec<String>,
) -> ApiResult<Vec<Invitation>> {
    let role = grantable(caller, tx, role, "/role").await?;
    let (sent,) = tx.run(store::letters(caller.tenant())).await?;
    if sent + i64::try_from(emails.len()).unwrap_or(i64::MAX) > A_DAY {
        return Err(enough());
    }
    let tokens: Vec<OneTimeToken> = emails.iter().map(|_| OneTimeToken::new()).collect();
    let letters = emails.iter().zip(&tokens).map(|(email, token)| letter(caller.mail(), email.clone(), token));
    let letters: Vec<Notice> = letters.collect();
    let hashes = tokens.into_iter().map(|token| token.hash).collect();
    let invited =
        tx.run(store::invite(caller.tenant(), Sender::Member(caller.user()), role.key, emails, hashes)).await?;
    tx.run(caller.platform().notify().post_for(caller.tenant(), letters)).await?;
    Ok(invited)
}

/// What an invitation promises, where its sender may still give that; it stays so until the transaction ends.
async fn hold(tx: &PlatformTx<'_>, modules: &Modules, hash: &[u8]) -> ApiResult<Promise> {
    let promise = tx.run(store::find(hash.to_vec())).await?.ok_or_else(token_invalid)?;
    // In this order for all: who takes roles away locks the organization first.
    tx.run(lock_organization(promise.tenant)).await?;
    tx.run(store::lock(hash.to_vec())).await?;
    let now = tx.run(store::find(hash.to_vec())).await?;
    now.filter(|promise| promise.rights.hold(modules)).ok_or_else(token_invalid)
}

fn enough() -> ApiError {
    ApiError::too_many(
        "too_many_letters",
        "Too many letters",
        "An organization sends at most 500 invitations in 24 hours. Go on tomorrow.",
        Quota { name: "invitations", tries: A_DAY, within: Duration::from_secs(24 * 60 * 60) },
        Duration::from_secs(60 * 60),
    )
}

//! `/invitations`, and joining by one.

use std::time::Duration;

use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::{
    Acceptance, Invitation, InvitationId, InvitationList, InvitationSort, Joining, NewInvitations, Token, hash_of,
    store,
};
use crate::http::{
    Anonymous, Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging, Quota, SignedIn,
};
use crate::identity::auth::{self, OrganizationAnswer, SignedInAnswer};
use crate::identity::members::store::lock_organization;
use crate::identity::roles::grantable;
use crate::identity::{InvitationsRead, InvitationsWrite};
use crate::mail::{Letter, Mail};
use crate::module::Tag;
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
        caller.admit().await?.run(store::list(caller.tenant(), paging)).await.map(Answer)
    }

    /// Invite people by e-mail.
    ///
    /// Each gets a letter whose link works once, for 7 days. An address that is invited already gets a new letter, and the
    /// link of the older one does not work any more.
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
    /// Makes the account of the invited address. Who has one already signs in and joins:
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
        let promise = platform.db().run(store::find(hash.clone())).await?.ok_or_else(over)?;
        let password = platform.passwords().hash(password.reveal()).await?;
        let newcomer = auth::Newcomer { id: Uuid::now_v7(), email: promise.email, name: name.to_string(), password };
        let joined = platform.db().transaction(async |tx| {
            tx.run(lock_organization(promise.tenant)).await?;
            tx.run(newcomer.insert()).await?;
            if tx.run(store::accept(hash, newcomer.id)).await? { Ok(()) } else { Err(over()) }
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
            let promise = tx.run(store::find(hash.clone())).await?.ok_or_else(over)?;
            if !tx.run(store::is_of(caller.user(), promise.email)).await? {
                return Err(over());
            }
            tx.run(lock_organization(promise.tenant)).await?;
            if !tx.run(store::accept(hash, caller.user())).await? {
                return Err(over());
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
    let (sent, name) = tx.run(store::letters(caller.tenant())).await?;
    if sent + i64::try_from(emails.len()).unwrap_or(i64::MAX) > A_DAY {
        return Err(enough());
    }
    let tokens: Vec<Token> = emails.iter().map(|_| Token::new()).collect();
    let mail = caller.mail();
    let letters = emails.iter().zip(&tokens).map(|(email, token)| letter(mail, email, &name, token));
    let letters: Vec<Letter> = letters.collect();
    let hashes = tokens.into_iter().map(|token| token.hash).collect();
    let invited = tx.run(store::invite(caller.tenant(), role.key, emails, hashes)).await?;
    tx.run(mail.post_all(letters)).await?;
    Ok(invited)
}

/// The same whether or not the address has an account.
fn letter(mail: &Mail, to: &str, organization: &str, token: &Token) -> Letter {
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

/// 404: no such invitation, or not any more, or for somebody else; they cannot be told apart.
fn over() -> ApiError {
    ApiError::not_found().at("/token", "this invitation does not exist, is over, or is for another address")
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

//! `POST /auth/register` and `POST /auth/login`.

use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use uuid::Uuid;

use super::account::{self, Registered};
use super::choice::Password;
use super::session::{NewSession, OrganizationAnswer, Place, SignedInAnswer, UserAnswer};
use super::store;
use crate::http::{Anonymous, ApiError, ApiResult, Body, Made, Proven};
use crate::identity::organization::NewOrganization;
use crate::identity::{Attempt, Passwords, network, prove, second_factor};
use crate::module::Tag;
use crate::permission::{Role, RoleRef};
use crate::platform::Platform;
use crate::tenancy::NewTenant;
use crate::value::{Email, Slug, Text};

/// A person and the organization that this person founds.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The address for signing in.
    email: Email,
    /// 15 to 1,024 characters; a sentence is better than a puzzle.
    password: Password,
    /// How the person wants to be called.
    name: Text<200>,
    /// The organization.
    organization: NewOrganization,
}

/// A sign-in.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The address.
    email: Email,
    /// The password.
    password: Text<1024>,
    /// The short name of the organization to sign in to; the first one joined where it is left out, or none where there
    /// is none.
    organization: Option<Slug>,
    /// The second factor's code, or a recovery code; only for who has set one up.
    code: Option<Text<40>>,
}

/// Registering and signing in.
#[derive(Default)]
pub struct AuthApi;

#[OpenApi(tag = "Tag::SignIn")]
impl AuthApi {
    /// Register a person and found an organization.
    ///
    /// Makes the organization's own schema and database role, signs the person in as owner. An installation may want the
    /// address confirmed first; then the answer is 202, the same for every address, and a letter tells more.
    #[oai(path = "/auth/register", method = "post", operation_id = "auth_register")]
    async fn register(&self, caller: Anonymous, request: &Request, body: Body<Register>) -> ApiResult<Registered> {
        let Anonymous(platform) = caller;
        let Register { email, password, name, organization } = body.0;
        let slug = organization.slug().ok_or_else(|| {
            ApiError::invalid().at("/organization/slug", "no short name can be made from the name; choose one")
        })?;
        let attempts = &platform.config().identity.attempts;
        Attempt::new("register", &[&network(request)], attempts.register).begin(platform.db()).await?;
        let about = [email.as_str(), name.as_str(), organization.name.as_str()];
        let hash = platform.passwords().choose(&password, &about).await.map_err(|error| error.at("/password"))?;
        let email = email.canonical();
        let founding = Some((organization.name.to_string(), slug.to_string()));
        if let Some(mailed) = account::by_mail(&platform, &email, &name, &hash, founding).await? {
            return Ok(Registered::ByMail(mailed));
        }
        let user = UserAnswer { id: Uuid::now_v7(), email, name: name.to_string() };
        let session = NewSession::new(&platform, request);
        let new = NewTenant::new(slug, organization.name);
        let founded = platform
            .tenants()
            .create(&new, async |tx| {
                tx.run(store::insert_user(user.id, user.email.clone(), user.name.clone(), hash)).await?;
                tx.run(store::insert_owner(user.id, new.id.as_uuid())).await?;
                tx.run(store::insert_session(&session, user.id, Some(new.id.as_uuid()))).await?;
                account::verify(&platform, tx, user.id, user.email.clone()).await
            })
            .await;
        let shard = founded?;
        let organization = OrganizationAnswer {
            id: new.id.as_uuid(),
            slug: new.slug.to_string(),
            name: new.name.to_string(),
            role: RoleRef::BuiltIn(Role::Owner),
        };
        let place = Place { shard, organization, role: Role::Owner.into() };
        session.answer(&platform, user, Some(place)).map(|answer| Registered::Now(Box::new(Made(answer))))
    }

    /// Sign in.
    ///
    /// Whether the address is known cannot be told from the answer nor from its time.
    #[oai(path = "/auth/login", method = "post", operation_id = "auth_login")]
    async fn login(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<Login>,
    ) -> ApiResult<Proven<SignedInAnswer>> {
        let Anonymous(platform) = caller;
        let Login { email, password, organization, code } = body.0;
        let find = store::credentials(email.canonical());
        let known = prove(&platform, request, &email.canonical(), password.to_string(), find).await?;
        let known = known.ok_or_else(|| ApiError::unauthenticated("The e-mail address or the password is wrong."))?;
        second_factor::pass(&platform, known.id, code.as_ref().map(Text::as_str)).await?;
        if Passwords::is_outdated(&known.password_hash) {
            let hash = platform.passwords().hash(password.to_string()).await?;
            platform.db().run(store::rehash(known.id, known.password_hash, hash)).await?;
        }
        let user = UserAnswer { id: known.id, email: known.email, name: known.name };
        sign_in(&platform, request, user, organization).await.map(Proven)
    }
}

async fn sign_in(
    platform: &Platform,
    request: &Request,
    user: UserAnswer,
    organization: Option<Slug>,
) -> ApiResult<SignedInAnswer> {
    let chosen = organization.map(|slug| slug.to_string());
    let home = platform.db().run(store::homes(user.id, chosen.clone())).await?;
    let place = home.map(store::Home::place);
    if let Some(slug) = chosen.filter(|_| place.is_none()) {
        if platform.db().run(store::is_member_of(user.id, slug)).await? {
            return Err(ApiError::conflict(
                "organization_inactive",
                "This organization is suspended or being deleted, so nobody can sign in to it now. Its owners can ask the \
                 operator, or restore it. Leave `organization` out to sign in elsewhere.",
            ));
        }
        return Err(ApiError::conflict(
            "no_organization",
            "You are not a member of such an active organization. Leave `organization` out or ask to be invited.",
        ));
    }
    let session = NewSession::new(platform, request);
    let tenant = place.as_ref().map(|place| place.organization.id);
    platform.db().run(store::insert_session(&session, user.id, tenant)).await?;
    session.answer(platform, user, place)
}

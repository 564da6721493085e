//! Registering: at once, or where the installation asks for it only once the letter has been read.

use poem::{IntoResponse, Request, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Deserialize;
use uuid::Uuid;

use super::super::choice::Password;
use super::super::session::{NewSession, OrganizationAnswer, Place, SignedInAnswer, UserAnswer};
use super::super::store as auth;
use super::one_time::token_invalid;
use super::requests::{self, AccountRequest, Registration};
use super::store::{self, Pending};
use crate::config::RegistrationMode;
use crate::http::{Accepted, Anonymous, ApiError, ApiResult, Body, Made};
use crate::identity::{Attempt, network};
use crate::module::Tag;
use crate::permission::{Role, RoleRef};
use crate::platform::Platform;
use crate::tenancy::{DbError, NewTenant};
use crate::value::{Email, Text};

/// A person who founds no organization, as when an invitation is to follow.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct RegisterUser {
    /// The address for signing in.
    email: Email,
    /// 15 to 1,024 characters; a sentence is better than a puzzle.
    password: Password,
    /// How the person wants to be called.
    name: Text<200>,
}

/// A registration to finish.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRegistration {
    /// The token of the letter.
    token: Text<100>,
    /// The password that the registration chose: so nobody finishes what somebody else has begun with their address.
    password: Text<1024>,
}

/// What registering answers: the tokens (201), or that a letter was sent (202, where the installation is set up so).
pub enum Registered {
    /// Signed in.
    Now(Box<Made<SignedInAnswer>>),
    /// A letter is on its way, whatever it says.
    ByMail(Mailed),
}

/// 202, without a body.
pub struct Mailed;

impl ApiResponse for Registered {
    fn meta() -> MetaResponses {
        let mut meta = Made::<SignedInAnswer>::meta();
        meta.responses.extend(Accepted::meta().responses);
        meta
    }

    fn register(registry: &mut Registry) {
        Made::<SignedInAnswer>::register(registry);
    }
}

impl IntoResponse for Registered {
    fn into_response(self) -> Response {
        match self {
            Self::Now(made) => made.into_response(),
            Self::ByMail(Mailed) => Accepted.into_response(),
        }
    }
}

/// Registering.
#[derive(Default)]
pub struct RegistrationApi;

#[OpenApi(tag = "Tag::SignIn")]
impl RegistrationApi {
    /// Register a person alone.
    ///
    /// Signs the person in to no organization: create one, or accept an invitation, then select it. An installation may
    /// want the address confirmed first; then the answer is 202, the same for every address, and a letter tells more.
    #[oai(path = "/users/register", method = "post", operation_id = "users_register")]
    async fn register(&self, caller: Anonymous, request: &Request, body: Body<RegisterUser>) -> ApiResult<Registered> {
        let Anonymous(platform) = caller;
        let RegisterUser { email, password, name } = body.0;
        let email = email.canonical();
        let attempts = &platform.config().identity.attempts;
        Attempt::new("register", &[&network(request)], attempts.register).begin(platform.db()).await?;
        let chosen = platform.passwords().choose(&password, &[&email, name.as_str()]).await;
        let password_hash = chosen.map_err(|error| error.at("/password"))?;
        if let Some(mailed) = by_mail(&platform, &email, &name, &password_hash, None).await? {
            return Ok(Registered::ByMail(mailed));
        }
        let user = UserAnswer { id: Uuid::now_v7(), email, name: name.to_string() };
        let session = NewSession::new(&platform, request);
        let stored = platform.db().transaction(async |tx| {
            tx.run(auth::insert_user(user.id, user.email.clone(), user.name.clone(), password_hash)).await?;
            tx.run(auth::insert_session(&session, user.id, None)).await?;
            Ok::<_, ApiError>(requests::verify(&platform, tx, user.id, user.email.clone()).await?)
        });
        stored.await?;
        session.answer(&platform, user, None).map(|answer| Registered::Now(Box::new(Made(answer))))
    }

    /// Finish a registration.
    ///
    /// With the token of the letter and the password that was chosen. Only where the installation wants addresses
    /// confirmed before anything is made.
    #[oai(path = "/auth/confirm-registration", method = "post", operation_id = "auth_confirm_registration")]
    async fn confirm(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<ConfirmRegistration>,
    ) -> ApiResult<Made<SignedInAnswer>> {
        let Anonymous(platform) = caller;
        let ConfirmRegistration { token, password } = body.0;
        let pending = platform.db().run(store::pending(token.as_str())).await?.ok_or_else(token_invalid)?;
        let stored = Some(pending.password_hash.clone());
        if !platform.passwords().verify(password.to_string(), stored).await? {
            let wrong = "is not the password of this registration; register again to choose another one";
            return Err(ApiError::invalid().at("/password", wrong));
        }
        finish(&platform, request, token.as_str(), pending).await.map(Made)
    }
}

/// Where addresses are to be confirmed first: writes the registration down, the same for every address.
pub(in crate::identity) async fn by_mail(
    platform: &Platform,
    email: &str,
    name: &Text<200>,
    password_hash: &str,
    organization: Option<(String, String)>,
) -> ApiResult<Option<Mailed>> {
    if platform.config().identity.registration == RegistrationMode::Open {
        return Ok(None);
    }
    let registration = Registration {
        email: email.to_owned(),
        name: name.to_string(),
        password_hash: password_hash.to_owned(),
        organization,
    };
    platform.db().run(platform.outbox().ask(&AccountRequest::Register(Box::new(registration)))).await?;
    Ok(Some(Mailed))
}

async fn finish(platform: &Platform, request: &Request, token: &str, pending: Pending) -> ApiResult<SignedInAnswer> {
    let Pending { email, name, password_hash, organization_name, organization_slug } = pending;
    let user = UserAnswer { id: Uuid::now_v7(), email, name };
    let session = NewSession::new(platform, request);
    let organization = organization_name.zip(organization_slug);
    let insert = auth::insert_user(user.id, user.email.clone(), user.name.clone(), password_hash);
    let verified = store::set_verified(user.id, user.email.clone());
    let Some((name, slug)) = organization else {
        let stored = platform.db().transaction(async |tx| {
            if !tx.run(store::take(token)).await? {
                return Err(token_invalid());
            }
            tx.run(insert).await?;
            tx.run(verified).await?;
            Ok(tx.run(auth::insert_session(&session, user.id, None)).await?)
        });
        stored.await?;
        return session.answer(platform, user, None);
    };
    let new = NewTenant::new(slug, name);
    let founded = platform.tenants().create(&new, async |tx| {
        if !tx.run(store::take(token)).await? {
            return Err(DbError::NoRow);
        }
        tx.run(insert).await?;
        tx.run(verified).await?;
        tx.run(auth::insert_owner(user.id, new.id.as_uuid())).await?;
        tx.run(auth::insert_session(&session, user.id, Some(new.id.as_uuid()))).await
    });
    let shard = founded.await.map_err(|error| match error {
        crate::tenancy::ProvisionError::Db(DbError::NoRow) => token_invalid(),
        other => other.into(),
    })?;
    let role = RoleRef::BuiltIn(Role::Owner);
    let organization =
        OrganizationAnswer { id: new.id.as_uuid(), slug: new.slug.to_string(), name: new.name.to_string(), role };
    session.answer(platform, user, Some(Place { shard, organization, role: Role::Owner.into() }))
}

//! Who calls, as extractors: a handler takes the caller that it needs, and there is no check left to forget.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::hmac;
use http::header;
use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use uuid::Uuid;

use super::page::Lister;
use super::problem::ApiError;
use crate::identity::{Claims, Home};
use crate::mail::Mail;
use crate::module::Modules;
use crate::permission::{HeldRole, Permission, RoleKey, Writes};
use crate::platform::{Platform, PlatformTx, Present};
use crate::sql;
use crate::tenancy::{Access, Entry, Statement, TenantId, TenantTx, Tenants, statement};

/// Nobody in particular: the operation is open to all.
pub struct Anonymous(pub(crate) Platform);

/// A person who is signed in, for what belongs to the person and not to an organization.
///
/// It reads and changes the schema `platform`, and each of its transactions starts with the question whether the session
/// is still live and its role unchanged: there is no way to run a statement without it.
pub struct SignedIn {
    platform: Platform,
    claims: Arc<Claims>,
}

/// Somebody who is signed in to an organization and whose role has the permission `P`.
///
/// It opens the door to that organization's data, and to no other's. Only a permission that
/// [`Writes`] can change something; the others get read-only transactions.
pub struct Can<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

/// A verified token for an organization and the platform it is used on.
pub struct Caller {
    platform: Platform,
    claims: Arc<Claims>,
    home: Arc<Home>,
}

impl Caller {
    /// The organization's home that the token is for.
    pub fn tenant(&self) -> TenantId {
        self.home.tenant
    }

    /// The person.
    pub fn user(&self) -> Uuid {
        self.claims.user
    }

    /// The session of the token.
    pub fn session(&self) -> Uuid {
        self.claims.session
    }

    /// The role that the token was given for.
    pub fn role(&self) -> RoleKey {
        self.home.role.key
    }

    /// The role with what it allows.
    pub fn held(&self) -> &HeldRole {
        &self.home.role
    }

    /// The modules of this build.
    pub fn modules(&self) -> &Modules {
        self.platform.modules()
    }

    /// Whether the organization has enabled the module.
    pub(super) async fn has_module(&self, module: &'static str) -> Result<bool, ApiError> {
        let enabled = statement(sql!("SELECT 1 FROM tenant_modules WHERE tenant_id = $1 AND module = $2 AND enabled"));
        Ok(self.platform.db().run(enabled.bind(self.tenant()).bind(module).any()).await?)
    }

    /// Whether the caller may give or take a role: it allows nothing that the caller's own does not.
    pub(crate) fn covers(&self, role: &HeldRole) -> bool {
        self.home.role.covers(role, self.platform.modules().permissions())
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Posts letters.
    pub(crate) fn mail(&self) -> &Mail {
        self.platform.mail()
    }

    fn entry(&self, module: Option<&'static str>) -> Entry {
        Entry { tenant: self.tenant(), shard: self.home.shard, session: self.session(), role: self.role(), module }
    }
}

impl<P: Permission> Can<P> {
    /// Runs one statement in a read-only transaction of its own: one round trip.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn read<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        Ok(self.platform.door().once(self.entry(), Access::Read, statement).await?)
    }

    /// Runs several statements that see the same data, in a read-only transaction.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn read_all<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        self.within(Access::Read, work).await
    }

    async fn within<T, F>(&self, access: Access, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        let mut tx = self.platform.door().transaction(self.entry(), access).await?;
        let done = work(&mut tx).await;
        if done.is_ok() {
            tx.commit().await?
        } else {
            tx.roll_back().await?
        }
        done
    }

    /// Lets the caller in without a statement, for what stands in the schema `platform` and not in the tenant's own.
    pub(crate) async fn admit(&self) -> Result<Admitted<'_>, ApiError> {
        self.platform.door().admit(self.entry()).await?;
        Ok(Admitted { caller: &self.caller })
    }

    fn entry(&self) -> Entry {
        self.caller.entry(self.platform.modules().gate(P::INFO.module))
    }
}

impl<P: Writes> Can<P> {
    /// Runs one statement in a transaction of its own: one round trip. Where it fails, nothing has changed.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn write<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        Ok(self.platform.door().once(self.entry(), Access::Write, statement).await?)
    }

    /// Runs several statements as one transaction; it is committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        self.within(Access::Write, work).await
    }
}

/// A caller whose session, role and organization the database has just confirmed.
pub(crate) struct Admitted<'a> {
    caller: &'a Caller,
}

impl Admitted<'_> {
    /// Runs a statement on the schema `platform`.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        Ok(self.caller.platform.db().run(statement).await?)
    }

    /// Runs several statements on the schema `platform` as one transaction.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        self.caller.platform.db().transaction(work).await
    }

    pub(crate) fn tenants(&self) -> &Tenants {
        self.caller.platform.tenants()
    }
}

impl SignedIn {
    /// The person.
    pub fn user(&self) -> Uuid {
        self.claims.user
    }

    /// The session.
    pub fn session(&self) -> Uuid {
        self.claims.session
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs a statement on the schema `platform`, if the session is still live: one round trip.
    ///
    /// # Errors
    /// 401 where the session has ended or the member's role has changed, or the problem to answer with.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        Ok(self.platform.db().run_if(self.present(), statement).await?)
    }

    /// Runs several statements on the schema `platform` as one transaction, if the session is still live; it is
    /// committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// As [`SignedIn::run`].
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let guarded = async |tx: &PlatformTx<'_>| {
            tx.require(self.present()).await?;
            work(tx).await
        };
        self.platform.db().transaction(guarded).await
    }

    pub(crate) fn present(&self) -> Present {
        let home = self.claims.home.as_ref();
        Present {
            session: self.session(),
            user: self.user(),
            tenant: home.map(|home| home.tenant),
            role: home.map(|home| home.role.key),
        }
    }
}

impl<P> Lister for Can<P> {
    fn cursor_key(&self) -> &hmac::Key {
        self.platform.cursor_key()
    }

    fn list_owner(&self) -> Uuid {
        self.tenant().as_uuid()
    }
}

impl Lister for SignedIn {
    fn cursor_key(&self) -> &hmac::Key {
        self.platform.cursor_key()
    }

    fn list_owner(&self) -> Uuid {
        self.user()
    }
}

impl<P> Deref for Can<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

pub(super) fn platform(request: &Request) -> Result<Platform, ApiError> {
    request.data::<Platform>().cloned().ok_or_else(ApiError::internal)
}

/// The bearer token. A token anywhere else, as in the query, is no token.
pub(super) fn bearer(request: &Request) -> Result<&str, ApiError> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (headers.next(), headers.next()) else {
        return Err(ApiError::unauthenticated("Send an access token in the header Authorization: Bearer …"));
    };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    token.ok_or_else(invalid)
}

fn invalid() -> ApiError {
    ApiError::unauthenticated("The access token is not valid or has expired. Sign in again, or refresh it.")
}

/// Reads and verifies the access token.
fn signed_in(request: &Request) -> Result<SignedIn, ApiError> {
    let platform = platform(request)?;
    let claims = platform.tokens().verify(bearer(request)?).ok_or_else(invalid)?;
    Ok(SignedIn { platform, claims })
}

/// Somebody who is signed in to an organization.
pub(super) fn caller(request: &Request) -> Result<Caller, ApiError> {
    let SignedIn { platform, claims } = signed_in(request)?;
    let home = claims.home.clone().ok_or_else(ApiError::no_organization)?;
    Ok(Caller { platform, claims, home })
}

macro_rules! caller_extractor {
    ([$($generic:tt)*] $type:ty, $need:expr, |$request:ident| $make:expr) => {
        impl<'a, $($generic)*> ApiExtractor<'a> for $type {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
            type ParamType = ();
            type ParamRawType = ();

            /// The need travels into the document as the name of a security scheme; `module::document` turns it into
            /// the scheme `bearer` and the operation's permission.
            fn security_schemes() -> Vec<&'static str> {
                vec![$need]
            }

            async fn from_request(
                $request: &'a Request,
                _: &mut RequestBody,
                _: ExtractParamOptions<()>,
            ) -> poem::Result<Self> {
                Ok($make?)
            }
        }
    };
}

/// The name by which [`Anonymous`] enters the document.
pub const ANONYMOUS: &str = "anonymous";
/// The name by which [`SignedIn`] enters the document.
pub const SIGNED_IN: &str = "signed-in";

caller_extractor!([] Anonymous, ANONYMOUS, |request| platform(request).map(Anonymous));
caller_extractor!([] SignedIn, SIGNED_IN, |request| signed_in(request));
caller_extractor!([P: Permission] Can<P>, P::INFO.name, |request| {
    caller(request).and_then(|caller| {
        if caller.claims.allows(&P::INFO) {
            Ok(Self { caller, permission: PhantomData })
        } else {
            Err(ApiError::forbidden(P::INFO.name))
        }
    })
});

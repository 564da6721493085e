//! From a request to its caller: the bearer token, what it says, and the extractors.

use std::marker::PhantomData;
use std::sync::Arc;

use http::header;
use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::{Anonymous, Caller, Can, Origin, SignedIn, denied};
use crate::http::ApiError;
use crate::http::once::{Once, Who};
use crate::identity::{API_KEY_PREFIX, Claims, is_scope};
use crate::permission::{Permission, PermissionInfo, Verdict};
use crate::platform::Platform;

pub(in crate::http) fn platform(request: &Request) -> Result<Platform, ApiError> {
    request.data::<Platform>().cloned().ok_or_else(ApiError::internal)
}

/// The bearer token. A token anywhere else, as in the query, is no token.
pub(crate) fn bearer(request: &Request) -> Result<&str, ApiError> {
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
    ApiError::unauthenticated(
        "The access token is not valid or has expired. Sign in again, or refresh it; a support access is begun anew.",
    )
}

/// Reads and verifies the access token, or the API key.
async fn claims(request: &Request) -> Result<(Platform, Arc<Claims>), ApiError> {
    let platform = platform(request)?;
    let bearer = bearer(request)?;
    let refused = || if bearer.starts_with(API_KEY_PREFIX) { ApiError::key_over() } else { invalid() };
    let claims = platform.verify(bearer).await?.ok_or_else(refused)?;
    Ok((platform, claims))
}

async fn signed_in(request: &Request) -> Result<SignedIn, ApiError> {
    let (platform, claims) = claims(request).await?;
    if claims.is_of_key() {
        return Err(ApiError::person_needed());
    }
    let once = once(request, &platform, &claims);
    Ok(SignedIn::new(platform, claims, Origin::of(request), once))
}

/// Somebody who is signed in to an organization, or an API key of it.
pub(in crate::http) async fn caller(request: &Request) -> Result<Caller, ApiError> {
    let (platform, claims) = claims(request).await?;
    caller_of(request, platform, claims)
}

/// The same, of claims that are known to be true.
pub(super) fn caller_of(request: &Request, platform: Platform, claims: Arc<Claims>) -> Result<Caller, ApiError> {
    let home = claims.home.clone().ok_or_else(ApiError::no_organization)?;
    let once = once(request, &platform, &claims);
    Ok(Caller { platform, claims, home, origin: Origin::of(request), once })
}

fn once(request: &Request, platform: &Platform, claims: &Claims) -> Option<Once> {
    let who = if claims.is_of_key() { Who::ApiKey(claims.session) } else { Who::Person(claims.user) };
    Once::of(request, platform, claims.home.as_ref().map(|home| home.tenant), &who)
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
caller_extractor!([] SignedIn, SIGNED_IN, |request| signed_in(request).await);
caller_extractor!([P: Permission] Can<P>, P::INFO.name, |request| {
    match caller(request).await {
        Ok(caller) => allowed(caller).await,
        Err(error) => Err(error),
    }
});

/// Whoever may do what needs the permission.
pub(super) async fn allowed<P: Permission>(caller: Caller) -> Result<Can<P>, ApiError> {
    if caller.allows(&P::INFO) {
        return Ok(Can { caller, permission: PhantomData });
    }
    Err(denied(&caller, &P::INFO).await)
}

/// Notes in the journal what somebody tried, and says why it is denied.
async fn denied(caller: &Caller, permission: &PermissionInfo) -> ApiError {
    denied::note(caller, permission).await;
    match caller.held().verdict(permission) {
        _ if caller.claims.is_of_key() => ApiError::out_of_scope(permission, is_scope(permission)),
        Verdict::ScopeTooNarrow => ApiError::scope_too_narrow(permission),
        _ => ApiError::forbidden(permission),
    }
}

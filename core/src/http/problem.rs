//! Errors as RFC 9457 problems: what went wrong, in words that say what to do, with a stable `code`.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::Type as _;
use poem_openapi::{ApiResponse, Object};
use serde::Serialize;

use crate::calendar::Period;
use crate::permission::{PermissionInfo, Role};

/// The code of what a missing second factor keeps out.
pub(super) const SECOND_FACTOR_REQUIRED: &str = "second_factor_required";

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Problem {
    /// A URI that names the kind of problem; it ends with `code`.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words; the same for all of its kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A word for programs: stable, snake_case.
    pub code: String,
    /// What happened here, and what to do about it.
    pub detail: String,
    /// The places in the request that must change.
    #[oai(default, skip_serializing_if_is_empty)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Times that are free instead of one that is not.
    #[oai(default, skip_serializing_if_is_empty)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Period>,
}

/// One place in the request that must change.
#[derive(Debug, Clone, Serialize, Object)]
pub struct FieldProblem {
    /// A JSON pointer into the body (`/organization/slug`), or the name of a parameter.
    pub pointer: String,
    /// What is wrong with the value there.
    pub detail: String,
}

/// An error that a handler answers with.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    pub(super) detail: Cow<'static, str>,
    pub(super) errors: Vec<FieldProblem>,
    alternatives: Option<Box<Alternatives>>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Times that are free. Few errors have any, and each error is moved about a lot: so they stand elsewhere.
#[derive(Clone, Debug)]
struct Alternatives(Vec<Period>);

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

impl std::error::Error for ApiError {}

/// A result whose error is a problem.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A problem of any kind; resources use it for conflicts that only they know.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), errors: Vec::new(), alternatives: None, headers: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds times that are free instead.
    #[must_use]
    pub fn instead(mut self, free: Vec<Period>) -> Self {
        self.alternatives = Some(Box::new(Alternatives(free)));
        self
    }

    /// Adds a place in the request that must change. Of 404 it says that what is named there is missing, not the address.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        if self.status == StatusCode::NOT_FOUND {
            self.detail = "Something that the request names does not exist, or not for you: see `errors`.".into();
        }
        self.errors.push(FieldProblem { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// 400: the request cannot be read.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", "The request cannot be read", detail)
    }

    /// 401: nobody is signed in, or no longer.
    pub fn unauthenticated(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign-in needed", detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 401: the API key is none, or none any more.
    pub fn key_over() -> Self {
        Self::unauthenticated(
            "This API key is not valid: it was revoked, it has expired, or its creator has left the organization. Make \
             another one.",
        )
    }

    /// 401: an operator's access to the organization is over.
    pub fn support_over() -> Self {
        Self::unauthenticated(
            "This support access has ended, or the organization does not consent to it any more. Begin another one.",
        )
    }

    /// 403: the role does not allow it.
    pub fn forbidden(permission: &PermissionInfo) -> Self {
        let PermissionInfo { name, role, .. } = permission;
        let detail = match role {
            Role::Owner => format!("This takes the permission {name}, which only owners have. Ask one of them."),
            role => format!(
                "Your role in this organization lacks the permission {name}. It takes the role {}, a higher one, or one \
                 of the organization's own that lists it; ask an owner or an admin.",
                role.as_str()
            ),
        };
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// 503: what an API key may do has changed since it was last looked up, and nothing was done.
    pub fn rights_changed() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "rights_changed",
            "The key's rights have just changed",
            "What this API key may do has just changed, and this request has changed nothing. Send it again.",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from(1))
    }

    /// 403: the role is for some records, and this is about all of them.
    pub fn scope_too_narrow(permission: &PermissionInfo) -> Self {
        let name = permission.name;
        Self::new(
            StatusCode::FORBIDDEN,
            "scope_too_narrow",
            "The role is for some records only",
            format!(
                "The permission {name} is about all records of the organization. It takes a role whose scope is `all`."
            ),
        )
    }

    /// 403: the API key does not reach that far; `may` tells whether any could.
    pub fn out_of_scope(permission: &PermissionInfo, may: bool) -> Self {
        let name = permission.name;
        let detail = if may {
            format!("This API key, or its creator, lacks the permission {name}. Make a key that has it.")
        } else {
            format!("This takes the permission {name}, which no API key can have. A person has to do it.")
        };
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// 403: the organization asks for a second factor, and who made the API key has none.
    pub fn creator_lacks_second_factor() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            SECOND_FACTOR_REQUIRED,
            "A second factor is required",
            "This organization asks everybody for a second factor, and the person who made this API key has none. The key \
             works again once that person has set one up.",
        )
    }

    /// 403: only a person may, and this is an API key.
    pub fn person_needed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "person_needed",
            "Not for API keys",
            "This belongs to a person, and an API key is none. Sign in, and send the access token.",
        )
    }

    /// 403: the token is for no organization, and this is of one.
    pub fn no_organization() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "no_organization",
            "An organization is needed",
            "You are signed in to no organization. Create or join one, then select it.",
        )
    }

    /// 403: the role allows it, and something that only the resource knows does not.
    pub fn refused(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "Not allowed", detail)
    }

    /// 403: the person has signed in too long ago for what cannot be undone.
    pub fn sign_in_again() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "fresh_sign_in_needed",
            "A fresh sign-in is needed",
            "Sign in again and repeat this within 15 minutes.",
        )
    }

    /// 404: not there, or not for this caller; the two cannot be told apart.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing at this address.")
    }

    /// 409: the state of something else stands in the way.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Conflict", detail)
    }

    /// 412: the record has changed since it was read.
    pub fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "stale_version",
            "The record has changed",
            "Somebody changed this record after you read it. Read it again and send the new ETag in If-Match.",
        )
    }

    /// 428: `If-Match` is missing.
    pub fn version_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "version_required",
            "If-Match needed",
            "Send the ETag that you got with this record in the header If-Match, so that no change of others is lost.",
        )
    }

    /// 422: the request can be read but its content is not valid.
    pub fn invalid() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "The content is not valid",
            "See `errors` for the places that must change.",
        )
    }

    /// 503: come back in a moment.
    pub fn unavailable(wait: Duration) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Not available for now",
            "The service cannot answer this request at the moment. Try again after the time in Retry-After.",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)))
    }

    /// 500: a fault of ours. The cause belongs in the log, not here.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "A fault on our side",
            "The request failed and changed nothing. Report it with the X-Request-Id of this answer.",
        )
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The body of the answer.
    pub fn problem(&self) -> Problem {
        Problem {
            kind: format!("https://tenantry.dev/problems/{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone().into_owned(),
            errors: self.errors.clone(),
            alternatives: self.alternatives.as_ref().map(|free| free.0.clone()).unwrap_or_default(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response = Response::builder().status(self.status).content_type("application/problem+json").body(body);
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<ApiError> for poem::Error {
    fn from(error: ApiError) -> Self {
        let status = error.status;
        poem::Error::new(error, status)
    }
}

impl ApiResponse for ApiError {
    /// Which problems an operation can answer is decided in one place: `module::document`.
    fn meta() -> MetaResponses {
        MetaResponses { responses: Vec::new() }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

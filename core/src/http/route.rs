//! What stands around each path and operation: a strict query, the methods that exist, the gate of a module.

use http::{HeaderValue, Method, StatusCode, header};
use poem::endpoint::BoxEndpoint;
use poem::error::MethodNotAllowedError;
use poem::{Endpoint, Request, Response, RouteMethod};
use poem_openapi::__private::UrlQuery;

use super::caller::{self, Caller, Operation};
use super::offer::Offer;
use super::problem::ApiError;
use super::query::KnownQuery;

/// An operation that knows its name, and takes the parameters it declares, each once, and no others,
/// of a client that takes what it answers.
pub(crate) struct OperationEndpoint {
    endpoint: BoxEndpoint<'static>,
    declared: Declared,
}

/// What the document says of an operation.
#[derive(Default)]
pub(crate) struct Declared {
    pub(crate) id: &'static str,
    /// Its parameters in the query.
    pub(crate) query: KnownQuery,
    /// What it answers with.
    pub(crate) offer: Offer,
}

impl OperationEndpoint {
    pub(crate) fn new(endpoint: BoxEndpoint<'static>, declared: Declared) -> Self {
        Self { endpoint, declared }
    }
}

impl Endpoint for OperationEndpoint {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        self.declared.offer.check(request.headers())?;
        let query = self.declared.query.parse(request.uri().query().unwrap_or_default())?;
        request.extensions_mut().insert(UrlQuery(query));
        request.set_data(Operation(self.declared.id));
        self.endpoint.call(request).await
    }
}

/// All operations of one path.
pub(crate) struct PathEndpoint {
    methods: RouteMethod,
    allow: HeaderValue,
    gate: Option<Gate>,
}

impl PathEndpoint {
    pub(crate) fn new(methods: RouteMethod, allowed: &[Method], gate: Option<Gate>) -> Self {
        let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let allow = HeaderValue::from_str(&allow).unwrap_or_else(|_| HeaderValue::from_static(""));
        Self { methods, allow, gate }
    }
}

impl Endpoint for PathEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let caller = match &self.gate {
            Some(_) => caller::caller(&request).await.ok(),
            None => None,
        };
        let answer = self.methods.call(request).await.map_err(|error| {
            if error.is::<MethodNotAllowedError>() { method_not_allowed(self.allow.clone()).into() } else { error }
        });
        match (&self.gate, caller) {
            (Some(gate), Some(caller)) if is_refusal(&answer) && gate.is_closed(&caller).await => {
                Err(ApiError::not_found().into())
            }
            _ => answer,
        }
    }
}

fn method_not_allowed(allow: HeaderValue) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "No such method here",
        "This address exists, but not with this method. The header Allow lists those that do.",
    )
    .with_header(header::ALLOW, allow)
}

/// A refusal that was made before the door was reached, and would tell that the route exists.
fn is_refusal(answer: &poem::Result<Response>) -> bool {
    let status = match answer {
        Ok(response) => response.status(),
        Err(error) => error.status(),
    };
    status.is_client_error() && status != StatusCode::NOT_FOUND && status != StatusCode::UNAUTHORIZED
}

/// Makes the routes of a module that a tenant has not enabled look as if they did not exist.
///
/// A request that reaches the door is checked there, in its own transaction, at no extra cost. One that is refused
/// earlier (its body is wrong, the role does not suffice) is checked here, so that the refusal does not tell.
pub(crate) struct Gate {
    module: &'static str,
}

impl Gate {
    pub(crate) fn new(module: &'static str) -> Self {
        Self { module }
    }

    async fn is_closed(&self, caller: &Caller) -> bool {
        !matches!(caller.has_module(self.module).await, Ok(true))
    }
}

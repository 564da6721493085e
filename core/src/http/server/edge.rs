//! One request from its head to its answer: admitted, handled, finished.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::header::CONNECTION;
use http::{HeaderMap, HeaderValue, Method, Version};
use ipnet::IpNet;
use poem::{Endpoint, IntoResponse as _, Request, Response};
use tracing::Instrument as _;
use uuid::Uuid;

use super::body::{self, Bodies};
use super::client::{ClientAddr, RequestId};
use super::cors::Cors;
use super::observe::Observer;
use super::{finish, limits, mapper};
use crate::config::HttpConfig;
use crate::http::ApiError;

/// Time for a file to arrive. It is given up before that where nothing comes for a while.
const FILE_TIME: Duration = Duration::from_secs(15 * 60);

/// Wraps the routes with everything that each request gets, outermost first: an id and a place in the metrics,
/// limits of the head, CORS, the body, a time limit, a net for panics, and problems for whatever is no success.
///
/// A client that goes away drops the whole, the handler with it, at whatever await it stands. That is meant: the
/// layer of the database rolls back and cleans the connection when its transaction is dropped.
pub fn edge<E: Endpoint + 'static>(routes: E, config: &HttpConfig) -> impl Endpoint<Output = Response> + use<E> {
    Edge {
        routes,
        bodies: Bodies::new(config.max_body, config.body_timeout),
        cors: Cors::new(&config.cors_origins),
        observer: Observer::new(),
        request_timeout: config.request_timeout,
        trusted_proxies: config.trusted_proxies.clone(),
    }
}

struct Edge<E> {
    routes: E,
    bodies: Bodies,
    cors: Cors,
    observer: Observer,
    request_timeout: Duration,
    trusted_proxies: Vec<IpNet>,
}

impl<E: Endpoint> Endpoint for Edge<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let id = Uuid::new_v4();
        // Of the level that is switched off last, so that an error's line names its request whatever else is written.
        let span = tracing::error_span!("request", request_id = %id);
        Ok(self.observed(request, id).instrument(span).await)
    }
}

impl<E: Endpoint> Edge<E> {
    async fn observed(&self, request: Request, id: Uuid) -> Response {
        let observed = self.observer.begin(request.method());
        let origin = self.cors.origin(request.headers());
        let known = finish::known_etags(request.method(), request.headers());
        let head = *request.method() == Method::HEAD;

        let mut response = match self.cors.preflight(&request, origin.as_ref()) {
            Some(response) => response,
            None => self.answer(request, id).await,
        };
        if let Some(known) = known {
            finish::not_modified(&mut response, &known);
        }
        if head {
            finish::without_body(&mut response);
        }
        finish::set_headers(response.headers_mut(), id);
        self.cors.decorate(response.headers_mut(), origin);
        observed.answered(&response);
        response
    }

    async fn answer(&self, mut request: Request, id: Uuid) -> Response {
        if let Err(refusal) = limits::check(&request) {
            return refused(refusal, request.version(), request.headers());
        }
        let is_file = body::is_file(&request);
        // The room is held until the answer stands, as the handler holds the bytes.
        let _room = match is_file {
            true => None,
            false => match self.bodies.read(&mut request).await {
                Ok(room) => room,
                Err(refusal) => return refused(refusal, request.version(), request.headers()),
            },
        };
        let client = ClientAddr::of(&request, &self.trusted_proxies);
        request.set_data(client);
        request.set_data(RequestId(id));
        let version = request.version();
        let time = if is_file { FILE_TIME } else { self.request_timeout };
        let mut response = self.handle(request, time).await;
        // A file that was refused may not have been read to its end, and HTTP/1 cannot go on behind it then.
        if is_file && !response.status().is_success() && version <= Version::HTTP_11 {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    async fn handle(&self, request: Request, time: Duration) -> Response {
        let handler = AssertUnwindSafe(self.routes.call(request)).catch_unwind();
        match tokio::time::timeout(time, handler).await {
            Ok(Ok(Ok(output))) => mapper::answer(output.into_response()),
            Ok(Ok(Err(error))) => mapper::error(error),
            Ok(Err(_)) => {
                // What it says may be anybody's data, so neither the answer nor this line repeats it.
                tracing::error!("a handler panicked");
                ApiError::internal().into_response()
            }
            Err(_) => {
                tracing::warn!("a handler took too long and was dropped");
                ApiError::unavailable(Duration::from_secs(1)).into_response()
            }
        }
    }
}

/// A refusal of what may not have been read to its end. HTTP/1 can then not go on with the connection.
fn refused(refusal: ApiError, version: Version, headers: &HeaderMap) -> Response {
    let mut response = refusal.into_response();
    if version <= Version::HTTP_11 && body::is_announced(headers) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

//! The whole site: the modules' operations under `/api/v1`, and beside them health, documents and keys.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::web::Data;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get, handler};
use poem_openapi::OpenApiService;

use super::problem::ApiError;
use crate::mail;
use crate::module::{self, ModuleError};
use crate::platform::Platform;

/// All routes of a platform, ready to be served.
///
/// # Errors
/// Where the modules' routes do not fit together.
pub fn site(platform: Platform) -> Result<impl Endpoint<Output = Response>, ModuleError> {
    let documents = module::documents(platform.modules())?;
    let api = module::routes(platform.modules())?;
    let mut route = Route::new()
        .nest(module::PREFIX, api)
        .at("/health", get(alive))
        .at("/health/ready", get(ready))
        .at("/metrics", get(metrics))
        .at("/.well-known/jwks.json", get(jwks))
        .at("/openapi.json", get(fixed(&documents.newer)))
        .at("/openapi-3.0.json", get(fixed(&documents.older)))
        .at("/docs", get(shown(HTML, || page(&documents.newer, |service| service.swagger_ui_html()))))
        .at("/redoc", get(shown(HTML, || page(&documents.newer, |service| service.redoc_html()))));
    for module in platform.modules().iter().filter(|module| !module.required) {
        let modules = platform.modules().clone();
        let made = move || module::vertical(&documents.read(), &modules, module).to_string();
        route = route.at(format!("/openapi/{}.json", module.name), get(shown(JSON, made)));
    }
    if let Some(mailbox) = platform.mail().mailbox() {
        route = route.at("/dev/mailbox", get(mail::show(mailbox.clone())));
    }
    Ok(route.data(platform).map_to_response())
}

#[handler]
fn alive() -> Response {
    Response::builder().content_type("application/json").body(r#"{"status":"ok"}"#)
}

#[handler]
async fn ready(Data(platform): Data<&Platform>) -> Response {
    match platform.ready().await {
        Ok(()) => Response::builder().content_type("application/json").body(r#"{"status":"ready"}"#),
        Err(error) => ApiError::from(error).into_response(),
    }
}

#[handler]
fn jwks(Data(platform): Data<&Platform>) -> Response {
    Response::builder().content_type("application/json").body(platform.tokens().jwks())
}

#[handler]
fn metrics() -> Response {
    Response::builder().content_type("text/plain; version=0.0.4").body(super::server::metrics_handle().render())
}

/// A document that stands in memory for as long as the process lives.
fn fixed(document: &'static str) -> impl Endpoint<Output = Response> {
    poem::endpoint::make_sync(move |_| {
        Response::builder().content_type(JSON).body(Bytes::from_static(document.as_bytes()))
    })
}

/// What never changes, made when somebody asks for it first: it is long, and a start does not wait for it.
fn shown(
    content_type: &'static str,
    make: impl Fn() -> String + Send + Sync + 'static,
) -> impl Endpoint<Output = Response> {
    let made = OnceLock::new();
    poem::endpoint::make_sync(move |_| {
        let body: &Bytes = made.get_or_init(|| Bytes::from(make()));
        Response::builder().content_type(content_type).body(body.clone())
    })
}

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

type EmptyService = OpenApiService<(), ()>;

/// A page of poem-openapi, which has its scripts built in, over the finished document instead of the emitted one.
fn page(document: &str, html: fn(&EmptyService) -> String) -> String {
    let empty = OpenApiService::new((), "Tenantry", "");
    html(&empty).replace(&empty.spec(), document).replace(FONTS, "")
}

/// The page must not tell another site who reads it, and must work without one.
const FONTS: &str = r#"<link href="https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700" rel="stylesheet">"#;

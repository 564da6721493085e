//! The whole site: the modules' operations under `/api/v1`, and beside them health, documents and keys.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::web::{Data, Html};
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get, handler};
use poem_openapi::OpenApiService;

use super::problem::ApiError;
use crate::mail;
use crate::module::{self, Module, ModuleError};
use crate::platform::Platform;

/// All routes of a platform, ready to be served.
///
/// # Errors
/// Where the modules' routes do not fit together.
pub fn site(platform: Platform) -> Result<impl Endpoint<Output = Response>, ModuleError> {
    let (newer, older) = module::documents(platform.modules())?;
    let api = module::routes(platform.modules())?;
    let mut route = Route::new()
        .nest(module::PREFIX, api)
        .at("/health", get(alive))
        .at("/health/ready", get(ready))
        .at("/metrics", get(metrics))
        .at("/.well-known/jwks.json", get(jwks))
        .at("/openapi.json", get(fixed("application/json", newer.to_string())))
        .at("/openapi-3.0.json", get(fixed("application/json", older.to_string())))
        .at("/docs", get(page(&newer, |service| service.swagger_ui_html())))
        .at("/redoc", get(page(&newer, |service| service.redoc_html())));
    for module in platform.modules().iter().filter(|module| !module.required) {
        route = route.at(format!("/openapi/{}.json", module.name), get(vertical(platform.clone(), module)));
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

fn fixed(content_type: &'static str, body: String) -> impl Endpoint<Output = Response> {
    let body = Bytes::from(body);
    poem::endpoint::make_sync(move |_| Response::builder().content_type(content_type).body(body.clone()))
}

/// The document of a vertical, which is made when somebody asks for it first.
fn vertical(platform: Platform, module: &'static Module) -> impl Endpoint<Output = Response> {
    let made = OnceLock::new();
    poem::endpoint::make_sync(move |_| {
        let make = || Bytes::from(module::vertical(platform.document(), platform.modules(), module).to_string());
        Response::builder().content_type("application/json").body(made.get_or_init(make).clone())
    })
}

type EmptyService = OpenApiService<(), ()>;

/// A page of poem-openapi, which has its scripts built in, over the finished document instead of the emitted one.
fn page(document: &serde_json::Value, html: fn(&EmptyService) -> String) -> impl Endpoint<Output = Response> + use<> {
    let empty = OpenApiService::new((), "Tenantry", "");
    let html = html(&empty).replace(&empty.spec(), &document.to_string()).replace(FONTS, "");
    poem::endpoint::make_sync(move |_| Html(html.clone()).into_response())
}

/// The page must not tell another site who reads it, and must work without one.
const FONTS: &str = r#"<link href="https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700" rel="stylesheet">"#;

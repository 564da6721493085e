//! Every answer that is not a success becomes a problem, whoever made it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::{IntoResponse as _, Response};
use poem_openapi::OperationId;
use poem_openapi::error::{AuthorizationError, ContentTypeError, ParseParamError, ParsePathError};

use super::parameter::expectation;
use crate::http::ApiError;

/// The answer for an error that came out of the routes.
pub(super) fn error(error: poem::Error) -> Response {
    let operation = error.data::<OperationId>().copied();
    let mut response = match error.downcast::<ApiError>() {
        Ok(problem) => problem.into_response(),
        Err(error) if error.is_from_response() => return answer(error.into_response()),
        Err(error) => of_framework(&error).into_response(),
    };
    if let Some(operation) = operation {
        response.set_data(operation);
    }
    response
}

/// The answer for a response that came out of the routes: the framework's plain text becomes a problem; JSON stays,
/// such as that of a readiness check.
pub(super) fn answer(response: Response) -> Response {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || response.content_type().is_some_and(|kind| kind.starts_with("application/")) {
        return response;
    }
    let mut problem = of_status(status).into_response();
    copy(response.headers(), problem.headers_mut());
    if let Some(operation) = response.data::<OperationId>() {
        problem.set_data(*operation);
    }
    problem
}

fn copy(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}

fn of_framework(error: &poem::Error) -> ApiError {
    if error.is::<NotFoundError>() {
        return ApiError::not_found();
    }
    if error.is::<MethodNotAllowedError>() {
        return ApiError::method_not_allowed("");
    }
    // What cannot be an id cannot be the id of anything.
    if error.is::<ParsePathError>() || error.is::<poem::error::ParsePathError>() {
        return ApiError::not_found();
    }
    if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
        return ApiError::invalid().at(parameter.name, expectation(&parameter.reason));
    }
    if error.is::<ContentTypeError>() {
        return ApiError::unsupported_media_type();
    }
    if matches!(error.downcast_ref(), Some(ReadBodyError::PayloadTooLarge)) {
        return ApiError::payload_too_large();
    }
    if error.is::<AuthorizationError>() {
        return of_status(StatusCode::UNAUTHORIZED);
    }
    // The text may carry what a client or a row holds, so it is written only where somebody asked for such detail.
    tracing::debug!(error = error as &dyn std::error::Error, "an error that is no problem");
    of_status(error.status())
}

fn of_status(status: StatusCode) -> ApiError {
    match status.as_u16() {
        400 => ApiError::malformed("The request is not what this address takes. The API document says what it takes."),
        401 => ApiError::unauthenticated("Sign in and send the access token as `Authorization: Bearer …`."),
        404 => ApiError::not_found(),
        405 => ApiError::method_not_allowed(""),
        406 => ApiError::not_acceptable("Name another type in Accept, or leave it out."),
        408 => ApiError::request_timeout(),
        412 => ApiError::stale(),
        413 => ApiError::payload_too_large(),
        414 => ApiError::uri_too_long(),
        415 => ApiError::unsupported_media_type(),
        422 => ApiError::invalid(),
        428 => ApiError::version_required(),
        431 => ApiError::headers_too_large(),
        503 => ApiError::unavailable(Duration::from_secs(1)),
        _ if status.is_client_error() => {
            ApiError::new(status, "refused", "The request was refused", "The server does not take this request.")
        }
        _ => {
            tracing::error!(status = status.as_u16(), "a request failed with an error that is no problem");
            ApiError::internal()
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    async fn shown(response: Response) -> (u16, String) {
        assert_eq!(response.content_type(), Some("application/problem+json"));
        (response.status().as_u16(), response.into_body().into_string().await.unwrap())
    }

    #[tokio::test]
    async fn nothing_of_the_error_is_shown() {
        let secret = || std::io::Error::other("canary");
        for status in [400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 429, 431, 500, 502, 503] {
            let (answered, body) =
                shown(error(poem::Error::new(secret(), StatusCode::from_u16(status).unwrap()))).await;
            assert_eq!(answered, if status == 502 { 500 } else { status });
            assert!(!body.contains("canary"), "{body}");
        }
        let param = ParseParamError { name: "limit", reason: "Expected input type \"u32\", found \"canary\".".into() };
        let (status, body) = shown(error(param.into())).await;
        assert!(status == 422 && body.contains("\"pointer\":\"limit\"") && !body.contains("canary"), "{body}");
        let path = ParsePathError { name: "id", reason: "canary".into() };
        assert_eq!(shown(error(path.into())).await.0, 404);
    }

    #[tokio::test]
    async fn the_frameworks_text_becomes_a_problem_and_json_stays() {
        let text = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header("allow", "GET").body("canary");
        let problem = answer(text);
        assert_eq!(problem.header("allow"), Some("GET"));
        assert_eq!(shown(problem).await.0, 405);
        let json =
            Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).content_type("application/json").body("{}");
        assert_eq!(answer(json).into_body().into_string().await.unwrap(), "{}");
    }
}

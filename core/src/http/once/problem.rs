//! What a key can be refused for, in the words of draft-ietf-httpapi-idempotency-key-header.

use http::{HeaderValue, StatusCode, header};

use crate::http::ApiError;

/// 400: no key that can be taken.
pub(super) fn invalid() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "idempotency_key_invalid",
        "Idempotency-Key is not valid",
        "Send Idempotency-Key once, with 1 to 255 visible ASCII characters, such as a UUID.",
    )
}

/// 400: the operation takes none; nothing was done.
pub(super) fn not_taken() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "idempotency_key_not_taken",
        "Idempotency-Key is not taken here",
        "This operation cannot be replayed, so it takes no Idempotency-Key. Leave it out; nothing was changed.",
    )
}

/// 409: another request with this key is being answered.
pub(in crate::http) fn in_flight() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "idempotency_key_in_flight",
        "A request is outstanding for this Idempotency-Key",
        "A request with the same Idempotency-Key is being processed. Send this one again after the time in Retry-After.",
    )
    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

/// 422: the key was used for something else.
pub(super) fn reused() -> ApiError {
    ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "Idempotency-Key is already used",
        "This Idempotency-Key was used for another request in the last 24 hours. Send a new key with a new request.",
    )
}

/// 409: it was done, but what was answered is not there any more.
pub(super) fn not_kept(location: Option<HeaderValue>) -> ApiError {
    let problem = ApiError::new(
        StatusCode::CONFLICT,
        "idempotent_answer_not_kept",
        "The request was done before",
        "The request with this Idempotency-Key succeeded; its answer was too large to be kept, or cannot be read any \
         more. Read what it made instead of sending it again.",
    );
    match location {
        Some(location) => problem.with_header(header::LOCATION, location),
        None => problem,
    }
}

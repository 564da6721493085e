//! Problems that the edge answers before a handler is reached.

use http::{HeaderValue, StatusCode, header};

use crate::http::ApiError;

impl ApiError {
    /// 405: the address exists, the method does not; `allow` lists those that do, as the header has it.
    pub fn method_not_allowed(allow: &str) -> Self {
        let problem = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
            "This address does not take this method. The header Allow lists those that it takes.",
        );
        match HeaderValue::from_str(allow) {
            Ok(value) if !value.is_empty() => problem.with_header(header::ALLOW, value),
            _ => problem,
        }
    }

    /// 406: the client takes nothing of what there is; `detail` says what that is.
    pub fn not_acceptable(detail: &'static str) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "No answer in this format", detail)
    }

    /// 408: the body did not arrive in time.
    pub fn request_timeout() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "request_timeout",
            "The request took too long to arrive",
            "The body did not arrive in time. Nothing was changed; send the request again.",
        )
    }

    /// 413: the body is too large, as sent or inflated.
    pub fn payload_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "The body is too large",
            "The body, as sent or inflated, is larger than this server takes. Send it in parts.",
        )
    }

    /// 414: path and query are too long.
    pub fn uri_too_long() -> Self {
        Self::new(
            StatusCode::URI_TOO_LONG,
            "uri_too_long",
            "The address is too long",
            "Path and query may have 8 KiB together.",
        )
    }

    /// 415: the body's type or encoding is none that is read here.
    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The body's format is not supported",
            "Send the Content-Type that the API document names, plain or with Content-Encoding: gzip.",
        )
    }

    /// 431: the headers are too large together.
    pub fn headers_too_large() -> Self {
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "The headers are too large",
            "All headers together may have 16 KiB.",
        )
    }
}

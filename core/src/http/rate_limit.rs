//! The answer to one try too many, with the headers of draft-ietf-httpapi-ratelimit-headers.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::problem::ApiError;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// So much within so much time.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// What it is called in the headers: letters, digits, `_`.
    pub name: &'static str,
    /// How often.
    pub tries: i64,
    /// From the first of them on.
    pub within: Duration,
}

impl ApiError {
    /// 429: a quota is used up, and there is more after `wait`. The one way to make a 429.
    pub fn too_many(
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
        quota: Quota,
        wait: Duration,
    ) -> Self {
        let Quota { name, tries, within } = quota;
        let (wait, within) = (wait.as_secs().max(1), within.as_secs().max(1));
        let header = |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, title, detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from(wait))
            .with_header(RATE_LIMIT_POLICY, header(format!("\"{name}\";q={tries};w={within}")))
            .with_header(RATE_LIMIT, header(format!("\"{name}\";r=0;t={wait}")))
    }

    /// 429: tried too often.
    pub fn too_many_requests(quota: Quota, wait: Duration) -> Self {
        Self::too_many(
            "too_many_requests",
            "Too many tries",
            "This was tried too often. Try again after the time in Retry-After.",
            quota,
            wait,
        )
    }
}

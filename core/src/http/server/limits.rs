//! What a request's head must be: of bounded size, with one spelling of each path.

use http::{HeaderMap, Uri, Version, header};
use poem::Request;

use crate::http::ApiError;

const MAX_URI: usize = 8 * 1024;
const MAX_HEADERS: usize = 16 * 1024;

/// hyper has limits of its own, above these, and answers them without a body: an address over 64 KiB (414), a head
/// over 64 KiB or of more than 100 headers (431), and what is no HTTP at all (400).
pub(super) fn check(request: &Request) -> Result<(), ApiError> {
    let uri = request.uri();
    let length = uri.path_and_query().map_or(0, |whole| whole.as_str().len());
    if length > MAX_URI {
        return Err(ApiError::uri_too_long());
    }
    if size(request.headers()) > MAX_HEADERS {
        return Err(ApiError::headers_too_large());
    }
    // RFC 9112: one host, or a proxy and we might each follow another one.
    if request.version() == Version::HTTP_11 && request.headers().get_all(header::HOST).iter().count() != 1 {
        return Err(ApiError::malformed("HTTP/1.1 needs the header Host, once."));
    }
    check_spelling(uri)
}

fn size(headers: &HeaderMap) -> usize {
    // A line is `name: value` and its end.
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// A proxy that tidies paths and a server that does not must never disagree on which path was asked for. So a path
/// that could be tidied is refused rather than tidied.
fn check_spelling(uri: &Uri) -> Result<(), ApiError> {
    const PATH: &str = "The path may not have empty, `.` or `..` segments, nor encoded slashes or control characters.";
    let path = uri.path();
    let segments = path.strip_prefix('/').ok_or_else(|| ApiError::malformed(PATH))?;
    let segments = segments.strip_suffix('/').unwrap_or(segments);
    if path != "/" && !segments.split('/').all(is_plain_segment) {
        return Err(ApiError::malformed(PATH));
    }
    match uri.query() {
        Some(query) if query.contains('%') && !is_plain_query(query) => {
            Err(ApiError::malformed("The query must be percent-encoded UTF-8 without U+0000."))
        }
        _ => Ok(()),
    }
}

fn is_plain_segment(segment: &str) -> bool {
    let forbidden = |byte: &u8| matches!(byte, 0..=31 | 127 | b'/' | b'\\');
    if segment.contains('%') {
        decoded(segment).is_some_and(|text| {
            !text.is_empty() && text != "." && text != ".." && !text.as_bytes().iter().any(forbidden)
        })
    } else {
        !segment.is_empty() && segment != "." && segment != ".." && !segment.as_bytes().iter().any(forbidden)
    }
}

fn is_plain_query(query: &str) -> bool {
    decoded(query).is_some_and(|text| !text.contains('\0'))
}

fn decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' { hex(bytes.next()?)? << 4 | hex(bytes.next()?)? } else { byte });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn refused(uri: &str) -> bool {
        check_spelling(&uri.parse().unwrap()).is_err()
    }

    #[test]
    fn a_path_has_one_spelling() {
        for plain in ["/", "/api/v1/contacts", "/api/v1/contacts/", "/a/b%20c", "/a/%C3%A4", "/a/..b", "/a/b.json"] {
            assert!(!refused(plain), "{plain}");
        }
        for odd in [
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/./a",
            "/a/.",
            "/a/..",
            "/a/../b",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a/.%2e",
            "/a/%2e",
            "/a%2fb",
            "/a%5Cb",
            "/a%00",
            "/a%0d%0ab",
            "/a/%ff",
            "/a/%",
            "/a/%2",
            "/a/%zz",
            "/a/%c0%ae",
        ] {
            assert!(refused(odd), "{odd}");
        }
    }

    #[test]
    fn a_query_is_utf_8_without_nul() {
        assert!(!refused("/a?q=%2e%2e%2f%0a&r=a+b"));
        assert!(refused("/a?q=%00"));
        assert!(refused("/a?q=%ff"));
        assert!(refused("/a?q=100%"));
    }
}

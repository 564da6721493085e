//! A file as an answer: saved and not shown, whatever is in it.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::header;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type as _;

use super::MediaType;

/// 200 with a file, to be saved under a name.
pub struct Download {
    /// The name, which may have any characters.
    pub name: String,
    /// What kind it is.
    pub media_type: MediaType,
    /// In bytes.
    pub size: i64,
    /// The content.
    pub content: BoxStream<'static, std::io::Result<Bytes>>,
}

/// What RFC 8187 leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let name = utf8_percent_encode(&self.name, PLAIN);
        Response::builder()
            .content_type(self.media_type.as_str())
            .header(header::CONTENT_LENGTH, self.size)
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}"))
            // Opened in a browser all the same, it is nobody's page and runs nothing.
            .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .body(Body::from_bytes_stream(self.content))
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let header = |name: &str, description: &str| MetaHeader {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let content = |kind: MediaType| MetaMediaType { content_type: kind.as_str(), schema: String::schema_ref() };
        let response = MetaResponse {
            description: "The file. Where the body breaks off, it is not whole.",
            status: Some(200),
            status_range: None,
            content: MediaType::ALL.into_iter().map(content).collect(),
            headers: vec![
                header("Content-Disposition", "A name to save the file under."),
                header("Content-Security-Policy", "Has a browser run nothing of it."),
            ],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}

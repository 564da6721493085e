//! A file as the body of a request: handed on as it arrives, bounded in bytes and in how long it may pause.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use http::{HeaderMap, header};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::offer::CSV;
use super::problem::ApiError;

/// Bytes of a file.
const MOST: u64 = 200 * 1024 * 1024;
/// How long it may pause.
const PATIENCE: Duration = Duration::from_secs(30);

/// A CSV file that is read as it arrives, up to 200 MiB of it.
pub struct Upload {
    pieces: BoxStream<'static, std::io::Result<Bytes>>,
    read: u64,
}

/// Whether the body is a CSV file.
pub(crate) fn is_csv(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(CSV)
}

/// Whether it is in a character set that is not UTF-8, or packed.
fn is_plain(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parameters = kind.to_ascii_lowercase();
    let charset =
        parameters.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset=").map(str::to_owned));
    let is_utf_8 = charset.is_none_or(|charset| ["utf-8", "utf8"].contains(&charset.trim_matches('"')));
    is_utf_8 && !headers.contains_key(header::CONTENT_ENCODING)
}

impl Upload {
    /// What comes next; none at the end.
    ///
    /// # Errors
    /// 408 where nothing comes for half a minute, 413 where it is too large, 400 where it breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        let piece = tokio::time::timeout(PATIENCE, self.pieces.next()).await;
        let Some(piece) = piece.map_err(|_| ApiError::request_timeout())? else { return Ok(None) };
        let piece = piece.map_err(|_| ApiError::malformed("The body ended early."))?;
        self.read += piece.len() as u64;
        if self.read > MOST { Err(ApiError::payload_too_large()) } else { Ok(Some(piece)) }
    }
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let schema = MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some(
                "The file, in UTF-8: a line of names, then a row a line; up to 200 MiB and 1,000,000 rows.",
            ),
            ..MetaSchema::new("string")
        }));
        let content = vec![MetaMediaType { content_type: CSV, schema }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        if !is_csv(request.headers()) || !is_plain(request.headers()) {
            return Err(ApiError::unsupported_media_type().into());
        }
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if length.is_some_and(|length| length.parse::<u64>().unwrap_or(u64::MAX) > MOST) {
            return Err(ApiError::payload_too_large().into());
        }
        let body = body.take().map_err(|_| ApiError::internal())?;
        Ok(Self { pieces: body.into_bytes_stream().boxed(), read: 0 })
    }
}

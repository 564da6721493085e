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
use crate::files::MediaType;

/// Bytes of a CSV file.
const MOST: u64 = 200 * 1024 * 1024;
/// Bytes of any other file.
const MOST_OF_A_DOCUMENT: u64 = 25 * 1024 * 1024;
/// How long it may pause.
const PATIENCE: Duration = Duration::from_secs(30);

/// A CSV file that is read as it arrives, up to 200 MiB of it.
pub struct Upload(Pieces);

/// A body that is read as it arrives, up to so many bytes.
struct Pieces {
    pieces: BoxStream<'static, std::io::Result<Bytes>>,
    read: u64,
    most: u64,
}

/// Whether the body is a CSV file.
fn is_csv(headers: &HeaderMap) -> bool {
    MediaType::of(headers) == Some(MediaType::Csv)
}

/// Whether the body is a file, which is handed on as it arrives.
pub(crate) fn is_file(headers: &HeaderMap) -> bool {
    MediaType::of(headers).is_some()
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

impl Pieces {
    fn of(request: &Request, body: &mut RequestBody, most: u64) -> Result<Self, ApiError> {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if length.is_some_and(|length| length.parse::<u64>().unwrap_or(u64::MAX) > most) {
            return Err(ApiError::payload_too_large());
        }
        let body = body.take().map_err(|_| ApiError::internal())?;
        Ok(Self { pieces: body.into_bytes_stream().boxed(), read: 0, most })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        let piece = tokio::time::timeout(PATIENCE, self.pieces.next()).await;
        let Some(piece) = piece.map_err(|_| ApiError::request_timeout())? else { return Ok(None) };
        let piece = piece.map_err(|_| ApiError::malformed("The body ended early."))?;
        self.read += piece.len() as u64;
        if self.read > self.most { Err(ApiError::payload_too_large()) } else { Ok(Some(piece)) }
    }
}

impl Upload {
    /// What comes next; none at the end.
    ///
    /// # Errors
    /// 408 where nothing comes for half a minute, 413 where it is too large, 400 where it breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        self.0.next().await
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
        Ok(Self(Pieces::of(request, body, MOST)?))
    }
}

/// A file of any kind that is taken, read as it arrives, up to 25 MiB of it.
pub struct FileUpload {
    /// What kind it is, as whoever sends it says.
    pub media_type: MediaType,
    pieces: Pieces,
}

impl FileUpload {
    /// What comes next; none at the end.
    ///
    /// # Errors
    /// As [`Upload::next`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        self.pieces.next().await
    }
}

impl<'a> ApiExtractor<'a> for FileUpload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let schema = || {
            let description = Some("The content of the file, up to 25 MiB.");
            MetaSchemaRef::Inline(Box::new(MetaSchema {
                description,
                ..MetaSchema::new_with_format("string", "binary")
            }))
        };
        let content = |kind: MediaType| MetaMediaType { content_type: kind.as_str(), schema: schema() };
        Some(MetaRequest {
            description: None,
            content: MediaType::ALL.into_iter().map(content).collect(),
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let kind =
            MediaType::of(request.headers()).filter(|_| !request.headers().contains_key(header::CONTENT_ENCODING));
        let media_type = kind.ok_or_else(ApiError::unsupported_media_type)?;
        Ok(Self { media_type, pieces: Pieces::of(request, body, MOST_OF_A_DOCUMENT)? })
    }
}

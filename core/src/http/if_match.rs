//! The header `If-Match`: which version of a record a client has seen.

use http::header;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef};
use poem_openapi::types::Type as _;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::problem::ApiError;

/// The version that a change was made on. Without the header the answer is 428, so that nobody's work is lost.
///
/// poem-openapi takes a parameter's name from the argument, so it is written
/// `#[oai(name = "If-Match")] version: IfMatch`.
pub struct IfMatch(pub(super) i64);

impl<'a> ApiExtractor<'a> for IfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(String::schema_ref())
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        let value = request.headers().get(header::IF_MATCH).ok_or_else(ApiError::version_required)?;
        let quoted = value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        let version = quoted
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::malformed("If-Match must be the ETag of the record, in quotes, such as \"3\"."))?;
        Ok(Self(version))
    }
}

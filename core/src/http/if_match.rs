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

/// The same where the header may be left out: then the change is made on whatever version there is.
pub struct IfMatchGiven(pub(super) Option<IfMatch>);

fn version(request: &Request) -> Result<Option<i64>, ApiError> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let quoted = value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
    let version =
        quoted.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse().ok());
    let expected = || ApiError::malformed("If-Match must be the ETag of the record, in quotes, such as \"3\".");
    version.map(Some).ok_or_else(expected)
}

macro_rules! header_extractor {
    ($type:ty, $required:literal, |$version:ident| $make:expr) => {
        impl<'a> ApiExtractor<'a> for $type {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
            const PARAM_IS_REQUIRED: bool = $required;
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
                let $version = version(request)?;
                Ok($make)
            }
        }
    };
}

header_extractor!(IfMatch, true, |version| Self(version.ok_or_else(ApiError::version_required)?));
header_extractor!(IfMatchGiven, false, |version| Self(version.map(IfMatch)));

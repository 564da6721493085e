//! The request body: JSON that is read once, strictly, and says where it is wrong.

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::DeserializeOwned;

use super::problem::ApiError;

/// A JSON body of type `T`.
///
/// What is no JSON (also: a key given twice, deeper than 128) is a 400; JSON that is no `T` (an unknown field, a
/// number for a text, too long, U+0000) is a 422 that points at the place.
pub struct Body<T>(pub T);

impl<'a, T> ApiExtractor<'a> for Body<T>
where
    T: Type + DeserializeOwned + Send,
{
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let schema: MetaSchemaRef = T::schema_ref();
        let content = vec![MetaMediaType { content_type: "application/json", schema }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        if !is_json(request.content_type()) {
            return Err(ApiError::unsupported_media_type().into());
        }
        let bytes = <bytes::Bytes as FromRequest>::from_request(request, body).await?;
        Ok(Self(parse(&bytes)?))
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // What is no JSON at all is malformed, wherever the first wrong value stands.
        if serde_json::from_slice::<serde_json::Value>(bytes).is_err() {
            return malformed();
        }
        let pointer = pointer(error.path());
        refusal(error.into_inner(), pointer)
    })?;
    deserializer.end().map_err(|_| malformed())?;
    Ok(value)
}

pub(super) fn refusal(error: serde_json::Error, pointer: String) -> ApiError {
    let position = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let reason = text.strip_suffix(&position).unwrap_or(&text).to_owned();
    if reason.starts_with("duplicate field") {
        return malformed();
    }
    match reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        Some(field) => ApiError::invalid().at(format!("{pointer}/{field}"), "this field is required"),
        None => ApiError::invalid().at(pointer, expectation(&reason)),
    }
}

fn malformed() -> ApiError {
    ApiError::malformed("The body is not valid JSON, nests deeper than 128, or gives a key twice.")
}

/// serde quotes what it was given (`invalid type: string "…"`) and names our types; answers reflect nothing and show
/// nothing of how we are made, so only the expectation stays.
fn expectation(reason: &str) -> String {
    if let Some(rest) = reason.strip_prefix("unknown field `") {
        let known = rest.rsplit_once(", expected ").map_or("none", |(_, known)| known);
        return format!("this field does not exist; expected {known}");
    }
    if reason.starts_with("UUID parsing failed") {
        return "expected a UUID".to_owned();
    }
    if reason == "expected value" {
        // serde_json's words for what cannot be the name of a variant, such as null.
        return "expected one of the words that the API document lists".to_owned();
    }
    const WHOLE: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
    let is_number = |expected: &str| WHOLE.contains(&expected);
    // The last one is serde's; an earlier one would be the client's own text.
    match reason.rsplit_once(", expected ") {
        Some((_, expected)) if expected.starts_with("struct ") => "expected an object".to_owned(),
        Some((_, expected)) if is_number(expected) && reason.starts_with("invalid value: integer") => {
            "expected a whole number within the bounds of this field".to_owned()
        }
        Some((_, expected)) if is_number(expected) => "expected a whole number".to_owned(),
        Some((_, "f32" | "f64")) => "expected a number".to_owned(),
        Some((_, expected)) if reason.starts_with("invalid") => format!("expected {expected}"),
        Some((_, expected)) if reason.starts_with("unknown variant") => format!("expected {expected}"),
        _ => reason.to_owned(),
    }
}

fn is_word(key: &str) -> bool {
    key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            // A key that is none of ours is shown only where it is a plain word, for answers reflect nothing.
            Segment::Map { key } if is_word(key) => pointer.push_str(key),
            Segment::Map { .. } => pointer.push('?'),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        name: String,
        #[serde(default)]
        tags: Vec<u8>,
        #[serde(default)]
        kind: Option<Kind>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    enum Kind {
        House,
        Flat,
    }

    fn status(json: &str) -> u16 {
        parse::<Sample>(json.as_bytes()).map_or_else(|e| e.status().as_u16(), |_| 200)
    }

    #[test]
    fn no_json_is_400_and_wrong_json_is_422() {
        assert_eq!(status(r#"{"name":"x"}"#), 200);
        assert_eq!(status(r#"{"name":"x""#), 400);
        assert_eq!(status(r#"{"name":"x"} x"#), 400);
        assert_eq!(status(r#"{"name":"x","name":"y"}"#), 400);
        assert_eq!(status("\u{7f}"), 400);
        assert_eq!(status(r#"{"name":1}"#), 422);
        assert_eq!(status(r#"{}"#), 422);
        assert_eq!(status(r#"{"name":"x","role":"owner"}"#), 422);
        assert_eq!(status(r#"{"name":"x","tags":[1,"<script>"]}"#), 422);
        assert_eq!(status(r#"{"name":"x","kind":7}"#), 422);
        assert_eq!(status(r#"{"name":1"#), 400);
        let deep = |levels: usize| status(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        assert_eq!((deep(100), deep(129), deep(100_000)), (422, 400, 400));
    }

    #[test]
    fn it_points_at_the_place_and_reflects_nothing() {
        for (json, pointer, words) in [
            (r#"{"name":"x","tags":[1,"zebra"]}"#, "/tags/1", "expected a whole number"),
            (r#"{"tags":[]}"#, "/name", "this field is required"),
            (r#"{"name":"x","kind":"zebra"}"#, "/kind", "expected `House` or `Flat`"),
            (r#"{"name":"x","kind":7}"#, "/kind", "expected one of the words that the API document lists"),
            (r#"{"name":"x","zebra":7}"#, "/zebra", "expected one of `name`, `tags`, `kind`"),
            (r#""zebra""#, "", "expected an object"),
        ] {
            let text = format!("{:?}", parse::<Sample>(json.as_bytes()).unwrap_err());
            assert!(text.contains(&format!("pointer: {pointer:?}")) && text.contains(words), "{json}: {text}");
            assert!(!text.replace("/zebra", "").contains("zebra") && !text.contains("Sample"), "{json}: {text}");
        }
    }
}

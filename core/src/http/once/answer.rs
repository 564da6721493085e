//! An answer as it is written down, and given again.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use poem::Response;
use serde::{Deserialize, Serialize};

use super::{IDEMPOTENT_REPLAYED, problem};
use crate::config::Seal;
use crate::http::ApiError;
use crate::tenancy::{ClaimId, Kept};

/// The longest body that is kept.
const BODY_KEPT: usize = 64 * 1024;

/// What of an answer is the handler's; all else is made anew for each.
const HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

/// A success that was answered.
pub(super) struct Answer {
    head: Head,
    body: Bytes,
}

#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    /// Whether the body was short enough to be kept.
    whole: bool,
}

impl Answer {
    /// Reads it off a response, which stays as it is.
    pub(super) async fn of(response: &mut Response) -> Result<Self, ApiError> {
        let body = response.take_body().into_bytes().await.map_err(|_| ApiError::internal())?;
        let header = |name: &HeaderName| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        };
        let headers = HEADERS.iter().filter_map(header).collect();
        let head = Head { status: response.status().as_u16(), headers, whole: body.len() <= BODY_KEPT };
        response.set_body(body.clone());
        Ok(Self { head, body })
    }

    /// The record of it: it can be read with the installation's secret, under this id and for this request only.
    pub(super) fn seal(&self, seal: &Seal, id: ClaimId, fingerprint: &[u8; 32]) -> Result<Kept, ApiError> {
        let mut clear = serde_json::to_vec(&self.head).map_err(|_| ApiError::internal())?;
        clear.push(b'\n');
        if self.head.whole {
            clear.extend_from_slice(&self.body);
        }
        let answer = seal.close(&place(id, fingerprint), &clear).map_err(|_| ApiError::internal())?;
        Ok(Kept { fingerprint: fingerprint.to_vec(), answer })
    }

    /// The same of a record; none where it was sealed with another secret.
    pub(super) fn open(seal: &Seal, id: ClaimId, fingerprint: &[u8; 32], kept: &Kept) -> Option<Self> {
        let clear = seal.open(&place(id, fingerprint), &kept.answer).ok()?;
        let end = clear.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = clear.split_at_checked(end)?;
        let head = serde_json::from_slice(head).ok()?;
        Some(Self { head, body: Bytes::copy_from_slice(body.get(1..)?) })
    }

    /// The answer once more.
    pub(super) fn replay(self) -> Result<Response, ApiError> {
        let value = |value: &str| HeaderValue::from_str(value).map_err(|_| ApiError::internal());
        if !self.head.whole {
            let location = self.head.headers.iter().find(|(name, _)| *name == header::LOCATION.as_str());
            return Err(problem::not_kept(location.map(|(_, location)| value(location)).transpose()?));
        }
        let mut response = Response::builder().body(self.body);
        response.set_status(StatusCode::from_u16(self.head.status).map_err(|_| ApiError::internal())?);
        for (name, text) in &self.head.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| ApiError::internal())?;
            response.headers_mut().insert(name, value(text)?);
        }
        let replayed = HeaderName::from_bytes(IDEMPOTENT_REPLAYED.as_bytes()).map_err(|_| ApiError::internal())?;
        response.headers_mut().insert(replayed, HeaderValue::from_static("true"));
        Ok(response)
    }
}

fn place(id: ClaimId, fingerprint: &[u8; 32]) -> Vec<u8> {
    [id.0, *fingerprint].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::config::Secret;

    async fn again(length: usize) -> Result<Response, ApiError> {
        let seal = Secret::parse(&Secret::generate()).unwrap().seal("answers").unwrap();
        let (id, fingerprint) = (ClaimId([1; 32]), [2; 32]);
        let mut given =
            Response::builder().status(StatusCode::CREATED).header("location", "/there").body("x".repeat(length));
        let kept = Answer::of(&mut given).await.unwrap().seal(&seal, id, &fingerprint).unwrap();
        assert_eq!(given.into_body().into_vec().await.unwrap().len(), length, "what is answered stays whole");
        assert!(kept.answer.len() <= 73_728, "the table has no room for it");
        assert!(Answer::open(&seal, ClaimId([3; 32]), &fingerprint, &kept).is_none());
        assert!(Answer::open(&seal, id, &[3; 32], &kept).is_none());
        Answer::open(&seal, id, &fingerprint, &kept).unwrap().replay()
    }

    #[tokio::test]
    async fn what_is_too_long_is_told_and_not_kept() {
        for length in [0, BODY_KEPT] {
            let mut whole = again(length).await.unwrap();
            assert_eq!((whole.status(), whole.header("location")), (StatusCode::CREATED, Some("/there")));
            assert_eq!(whole.header("idempotent-replayed"), Some("true"));
            assert_eq!(whole.take_body().into_vec().await.unwrap().len(), length);
        }
        let problem = again(BODY_KEPT + 1).await.unwrap_err();
        assert_eq!((problem.status(), problem.code()), (StatusCode::CONFLICT, "idempotent_answer_not_kept"));
        assert_eq!(poem::IntoResponse::into_response(problem).header("location"), Some("/there"));
    }
}

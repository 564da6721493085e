//! The address of an endpoint, as a client sends it.

use poem_openapi::registry::MetaSchema;
use serde::Serialize;

use crate::http::{ApiError, ApiResult, Caller};
use crate::scalar;

/// A text that may be an address: what it must be besides depends on what the operator allows.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    const MAX: usize = 2000;

    /// Bounds the text.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.len() {
            1..=Self::MAX => Ok(Self(text.to_owned())),
            _ => Err("1 to 2000 characters".to_owned()),
        }
    }

    /// The address, in its one spelling.
    ///
    /// # Errors
    /// 422 where requests may not be sent there.
    pub(super) fn checked(&self, caller: &Caller) -> ApiResult<String> {
        let target = caller.egress().target(&self.0);
        target.map(|target| target.as_str().to_owned()).map_err(|reason| ApiError::invalid().at("/url", reason))
    }
}

scalar!(WebhookUrl, "uri", {
    MetaSchema {
        min_length: Some(1),
        max_length: Some(WebhookUrl::MAX),
        ..MetaSchema::new_with_format("string", "uri")
    }
});

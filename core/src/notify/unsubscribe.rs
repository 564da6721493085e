//! Unsubscribing: a link in each letter that advertises, by which its reader withdraws consent without signing in.

use aws_lc_rs::error::Unspecified;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::config::Seal;
use crate::http::{Anonymous, Answer, ApiError, ApiResult, Deleted};
use crate::module::{PREFIX, Tag};
use crate::tenancy::TenantId;
use crate::value::{Locale, Text};

/// Makes and reads the tokens of such links. They hold organization and address, sealed, so nobody can make one and nobody
/// learns an address from one.
pub(crate) struct Unsubscribing {
    seal: Seal,
    base: String,
}

const PLACE: &[u8] = b"unsubscribe";

impl Unsubscribing {
    /// `base` is where this API is reached.
    pub(crate) fn new(seal: Seal, base: &str) -> Self {
        Self { seal, base: format!("{}{PREFIX}/unsubscribe", base.trim_end_matches('/')) }
    }

    pub(crate) fn token(&self, tenant: TenantId, address: &str) -> Result<String, Unspecified> {
        let clear = [tenant.as_uuid().as_bytes().as_slice(), address.as_bytes()].concat();
        Ok(BASE64_URL_SAFE_NO_PAD.encode(self.seal.close(PLACE, &clear)?))
    }

    /// Where one POST is enough.
    pub(super) fn url(&self, token: &str) -> String {
        format!("{}/{token}", self.base)
    }

    fn read(&self, token: &str) -> Option<(TenantId, String)> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let clear = self.seal.open(PLACE, &sealed).ok()?;
        let (tenant, address) = clear.split_at_checked(16)?;
        Some((Uuid::from_slice(tenant).ok()?.into(), String::from_utf8(address.to_vec()).ok()?))
    }
}

/// What stands below a letter that advertises.
pub(super) fn footer(language: &Locale, link: &str) -> String {
    let words = match language.primary().as_str() {
        "de" => "Keine solchen Briefe mehr erhalten",
        _ => "Get no more such letters",
    };
    format!("\n-- \n{words}:\n{link}\n")
}

/// What a link is about.
#[derive(Debug, Serialize, Object)]
pub struct Subscription {
    /// Whose letters they are.
    pub organization: String,
}

/// Unsubscribing.
#[derive(Default)]
pub struct UnsubscribeApi;

#[OpenApi(tag = "Tag::Notifications")]
impl UnsubscribeApi {
    /// Show what an unsubscribe link is about.
    ///
    /// It changes nothing, for programs that look at letters open their links.
    #[oai(path = "/unsubscribe/:token", method = "get", operation_id = "unsubscribe_get")]
    async fn show(
        &self,
        caller: Anonymous,
        /// The token of the link.
        token: Path<Text<1000>>,
    ) -> ApiResult<Answer<Subscription>> {
        let (tenant, _) = caller.0.unsubscribing().read(token.0.as_str()).ok_or_else(ApiError::not_found)?;
        let name = caller.0.db().run(store::existing(tenant)).await?;
        name.map(|organization| Answer(Subscription { organization })).ok_or_else(ApiError::not_found)
    }

    /// Unsubscribe.
    ///
    /// Withdraws the consent to advertising letters to the address that the link was sent to. As mail programs do it (RFC
    /// 8058); the body does not matter, and doing it again does no harm.
    #[oai(path = "/unsubscribe/:token", method = "post", operation_id = "unsubscribe")]
    async fn unsubscribe(
        &self,
        caller: Anonymous,
        /// The token of the link.
        token: Path<Text<1000>>,
    ) -> ApiResult<Deleted> {
        let read = caller.0.unsubscribing().read(token.0.as_str());
        let (tenant, address) = read.ok_or_else(ApiError::not_found)?;
        let name = caller.0.db().run(store::withdraw(tenant, address)).await?;
        name.map(|_| Deleted).ok_or_else(ApiError::not_found)
    }
}

//! Bounces: the mail service tells which letters came back, and those addresses get no more for a while.

use aws_lc_rs::{constant_time, hmac};
use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};

use super::deliver::referred;
use super::destination::Destination;
use super::store;
use crate::choice;
use crate::http::{Anonymous, ApiError, ApiResult, Body, Proven, bearer};
use crate::module::Tag;
use crate::value::Text;

/// Knows addresses by a hash with a key, which cannot be turned back where the key is not.
pub(crate) struct Suppressing(hmac::Key);

impl Suppressing {
    pub(crate) fn new(key: hmac::Key) -> Self {
        Self(key)
    }

    pub(super) fn hash(&self, address: &str) -> Vec<u8> {
        hmac::sign(&self.0, address.as_bytes()).as_ref().to_vec()
    }
}

choice! {
    /// How a letter came back.
    pub enum BounceKind {
        /// For good: there is no such mailbox.
        Hard = "hard",
        /// For now, as where the mailbox is full.
        Soft = "soft",
        /// Its reader has called it unwanted.
        Complaint = "complaint",
    }
}

/// A letter that came back.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Bounce {
    /// To whom it went.
    address: Destination,
    /// How it came back.
    kind: BounceKind,
    /// Its `Message-ID`, where it is known.
    message_id: Option<Text<500>>,
}

/// Letters that came back.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Bounces {
    /// Up to 1,000.
    items: Vec<Bounce>,
}

/// What became of that.
#[derive(Serialize, Object)]
pub struct NotedBounces {
    /// How many were noted.
    noted: u64,
}

const MOST: usize = 1000;

/// What the mail service tells.
#[derive(Default)]
pub struct InboundApi;

#[OpenApi(tag = "Tag::Notifications")]
impl InboundApi {
    /// Tell of letters that came back.
    ///
    /// For the mail service of the installation, with `Authorization: Bearer` and the value of `TENANTRY_BOUNCE_SECRET`; 404
    /// where that is not set. An address that a letter came back from for good gets none for 90 days. One whose reader has
    /// complained gets none for a year but those about access to an account.
    #[oai(path = "/inbound/bounces", method = "post", operation_id = "inbound_bounces")]
    async fn bounces(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<Bounces>,
    ) -> ApiResult<Proven<NotedBounces>> {
        let Anonymous(platform) = caller;
        let secret = platform.config().mail.bounce_secret.as_ref().ok_or_else(ApiError::not_found)?;
        let told = bearer(request)?;
        if constant_time::verify_slices_are_equal(told.as_bytes(), secret.expose().as_bytes()).is_err() {
            return Err(ApiError::unauthenticated("Send the secret of this webhook as a bearer token."));
        }
        let Bounces { items } = body.0;
        if items.len() > MOST {
            return Err(ApiError::invalid().at("/items", format!("at most {MOST}")));
        }
        let noted = items.len() as u64;
        let (mut hashes, mut kinds) = (Vec::new(), Vec::new());
        let (mut tenants, mut notices, mut recipients, mut reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for Bounce { address, kind, message_id } in items {
            if kind != BounceKind::Soft {
                hashes.push(platform.suppressing().hash(address.as_str()));
                kinds.push(kind.as_str().to_owned());
            }
            if let Some((tenant, notice)) = message_id.and_then(|id| referred(id.as_str())) {
                tenants.push(tenant);
                notices.push(notice);
                recipients.push(address.as_str().to_owned());
                reasons.push(kind.words().to_owned());
            }
        }
        let done = platform.db().transaction(async |tx| {
            tx.run(store::suppress_addresses(hashes, kinds)).await?;
            Ok::<_, ApiError>(tx.run(store::return_notices(tenants, notices, recipients, reasons)).await?)
        });
        done.await?;
        Ok(Proven(NotedBounces { noted }))
    }
}

impl BounceKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Hard => "it came back: there is no such mailbox",
            Self::Soft => "it came back: the mailbox could not take it",
            Self::Complaint => "its reader has called it unwanted",
        }
    }
}

//! Access tokens: JWTs that a client's every request carries and that cost the request path no look-up.

mod claims;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde_json::json;

pub use claims::{Bearer, Claims, Home, Subject};

use self::claims::Payload;
use crate::config::{IdentityConfig, Secret};

/// `typ` of an access token (RFC 9068): a token of another kind is never taken for one.
const TYP: &str = "at+jwt";
/// Ours have about 500 bytes, and those of a custom role with many permissions a few thousand.
const MAX_TOKEN: usize = 8192;
/// Verified tokens to remember: some 10 MB where roles are not custom.
const REMEMBERED: u64 = 10_000;

/// Signs and verifies access tokens with a set of keys, each with a `kid`. The set can be replaced while it is used.
pub struct Tokens {
    issuer: String,
    ttl: Duration,
    secret: Secret,
    keys: RwLock<Arc<Keys>>,
    verified: Cache<Box<str>, Arc<Claims>>,
}

struct Keys {
    signing: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    jwks: String,
}

/// Why the keys cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the signing keys cannot be made: {0}")]
pub struct KeyError(&'static str);

impl Keys {
    /// Derives the keys of these ids; the first one signs, all verify.
    fn derive(secret: &Secret, kids: &[String]) -> Result<Self, KeyError> {
        let mut verifying = HashMap::new();
        let mut public = Vec::new();
        let mut signing = None;
        for kid in kids {
            let pair = pair(secret, kid)?;
            let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
            let key = DecodingKey::from_ed_components(&x).map_err(|_| KeyError("no public key"))?;
            verifying.insert(kid.clone(), key);
            public.push(json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x}));
            if signing.is_none() {
                let der = pair.to_pkcs8v1().map_err(|_| KeyError("no private key"))?;
                signing = Some((kid.clone(), EncodingKey::from_ed_der(der.as_ref())));
            }
        }
        let signing = signing.ok_or(KeyError("no key id"))?;
        Ok(Self { signing, verifying, jwks: json!({ "keys": public }).to_string() })
    }
}

impl Tokens {
    /// Derives the keys of these ids from the installation's secret; the first one signs, all verify.
    ///
    /// A dump of the database holds ids only.
    ///
    /// # Errors
    /// Where there is no id.
    pub fn new(secret: &Secret, kids: &[String], config: &IdentityConfig) -> Result<Self, KeyError> {
        Ok(Self {
            issuer: config.issuer.clone(),
            ttl: config.access_ttl,
            secret: secret.clone(),
            keys: RwLock::new(Arc::new(Keys::derive(secret, kids)?)),
            verified: Cache::new(REMEMBERED),
        })
    }

    /// Goes on with other keys: the first one signs, all verify.
    ///
    /// # Errors
    /// Where there is no id; then nothing changes.
    pub(crate) fn replace(&self, kids: &[String]) -> Result<(), KeyError> {
        let known = self.keys();
        let same = known.signing.0.as_str() == kids.first().map_or("", String::as_str)
            && known.verifying.len() == kids.len()
            && kids.iter().all(|kid| known.verifying.contains_key(kid));
        if same {
            return Ok(());
        }
        let keys = Arc::new(Keys::derive(&self.secret, kids)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        // What a key verified that is not there any more is to be asked again.
        self.verified.invalidate_all();
        Ok(())
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a token was signed, if at all, with a key that is none of these. It may be one that is newer than they are.
    pub(crate) fn is_of_unknown_key(&self, token: &str) -> bool {
        if token.len() > MAX_TOKEN {
            return false;
        }
        let kid = decode_header(token).ok().and_then(|header| header.kid);
        kid.is_some_and(|kid| {
            let formed = kid.len() == 32 && kid.bytes().all(|byte| byte.is_ascii_hexdigit());
            formed && !self.keys().verifying.contains_key(&kid)
        })
    }

    /// The public keys, as `/.well-known/jwks.json` shows them.
    pub fn jwks(&self) -> String {
        self.keys().jwks.clone()
    }

    /// Life of a token in seconds.
    pub fn ttl(&self) -> u64 {
        self.ttl.as_secs()
    }

    /// Signs a token.
    ///
    /// # Errors
    /// Those of jsonwebtoken, which a sound key does not cause.
    pub fn sign(&self, subject: &Subject) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign_for(subject, self.ttl)
    }

    /// Signs a token with a life of its own.
    ///
    /// # Errors
    /// As [`Tokens::sign`].
    pub fn sign_for(&self, subject: &Subject, ttl: Duration) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now();
        let payload = Payload::new(subject, &self.issuer, iat, iat + ttl.as_secs());
        let keys = self.keys();
        let (kid, key) = &keys.signing;
        let header = Header { typ: Some(TYP.to_owned()), kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &payload, key)
    }

    /// The claims of a token that is ours and not expired.
    ///
    /// A signature is checked once per token, not once per request; that is safe, for the text is compared whole and
    /// the time each time. Whether the session still holds is not the token's matter: the door asks the database.
    pub fn verify(&self, token: &str) -> Option<Arc<Claims>> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let claims = match self.verified.get(token) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.check(token)?);
                self.verified.insert(token.into(), claims.clone());
                claims
            }
        };
        (claims.exp > now()).then_some(claims)
    }

    fn check(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        // A header that brings a key of its own, or demands an extension (RFC 7515: none is known here), is no header of ours.
        let plain = header.jku.is_none()
            && header.jwk.is_none()
            && header.x5u.is_none()
            && header.x5c.is_none()
            && header.typ.as_deref() == Some(TYP)
            && header.crit.is_none();
        if !plain {
            return None;
        }
        let keys = self.keys();
        let key = keys.verifying.get(header.kid.as_deref()?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.validate_nbf = true;
        validation.leeway = 0;
        decode::<Payload>(token, key, &validation).ok()?.claims.claims()
    }
}

fn pair(secret: &Secret, kid: &str) -> Result<Ed25519KeyPair, KeyError> {
    let seed = aws_lc_rs::hmac::sign(&secret.key("access tokens"), kid.as_bytes());
    Ed25519KeyPair::from_seed_unchecked(seed.as_ref()).map_err(|_| KeyError("the seed was refused"))
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;

//! Access tokens: JWTs that a client's every request carries and that cost the request path no look-up.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::config::{IdentityConfig, Secret};
use crate::permission::{HeldRole, PermissionInfo, RoleKey};
use crate::tenancy::{Shard, TenantId};

/// What an access token says. It is for one organization; another one needs another token.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The person.
    pub user: Uuid,
    /// The session, which must be live.
    pub session: Uuid,
    /// The organization, unless the person has signed in to none.
    pub home: Option<Arc<Home>>,
    exp: u64,
}

/// The organization that a token is for, and what its bearer is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The organization.
    pub tenant: TenantId,
    /// Which login serves it, so that no look-up is needed.
    pub shard: Shard,
    /// The role, which must still be the member's.
    pub role: HeldRole,
}

impl Claims {
    /// Whether the bearer may do what needs this permission: the one place where that is decided.
    ///
    /// That the role is still the member's, the door asks the database.
    pub fn allows(&self, permission: &PermissionInfo) -> bool {
        self.home.as_ref().is_some_and(|home| home.role.verdict(permission).is_allowed())
    }
}

/// The claims as the token has them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    sub: Uuid,
    sid: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tid: Option<TenantId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shd: Option<Shard>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<RoleKey>,
    /// What a custom role allows. One of the four needs no list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prm: Vec<String>,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
}

impl Payload {
    /// The organization is told in full or not at all.
    fn claims(self) -> Option<Claims> {
        let Self { sub, sid, tid, shd, role, prm, exp, .. } = self;
        let home = match (tid, shd, role) {
            (Some(tenant), Some(shard), Some(key)) => {
                Some(Arc::new(Home { tenant, shard, role: HeldRole { key, permissions: prm } }))
            }
            (None, None, None) => None,
            _ => return None,
        };
        Some(Claims { user: sub, session: sid, home, exp })
    }
}

/// `typ` of an access token (RFC 9068): a token of another kind is never taken for one.
const TYP: &str = "at+jwt";
/// Ours have about 500 bytes, and those of a custom role with many permissions a few thousand.
const MAX_TOKEN: usize = 8192;
/// Verified tokens to remember: some 10 MB where roles are not custom.
const REMEMBERED: u64 = 10_000;

/// Signs and verifies access tokens with a set of keys, each with a `kid`.
pub struct Tokens {
    issuer: String,
    ttl: Duration,
    signing: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    jwks: serde_json::Value,
    verified: Cache<Box<str>, Arc<Claims>>,
}

/// Why the keys cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the signing keys cannot be made: {0}")]
pub struct KeyError(&'static str);

impl Tokens {
    /// Derives the keys of these ids from the installation's secret; the first one signs, all verify.
    ///
    /// A dump of the database holds ids only.
    ///
    /// # Errors
    /// Where there is no id.
    pub fn new(secret: &Secret, kids: &[String], config: &IdentityConfig) -> Result<Self, KeyError> {
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
        Ok(Self {
            issuer: config.issuer.clone(),
            ttl: config.access_ttl,
            signing: signing.ok_or(KeyError("no key id"))?,
            verifying,
            jwks: json!({ "keys": public }),
            verified: Cache::new(REMEMBERED),
        })
    }

    /// The public keys, as `/.well-known/jwks.json` shows them.
    pub fn jwks(&self) -> &serde_json::Value {
        &self.jwks
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
        let home = subject.home.as_ref();
        let payload = Payload {
            sub: subject.user,
            sid: subject.session,
            tid: home.map(|home| home.tenant),
            shd: home.map(|home| home.shard),
            role: home.map(|home| home.role.key),
            prm: home.map(|home| home.role.permissions.clone()).unwrap_or_default(),
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            iat,
            exp: iat + ttl.as_secs(),
        };
        let (kid, key) = &self.signing;
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
        let key = self.verifying.get(header.kid.as_deref()?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.validate_nbf = true;
        validation.leeway = 0;
        decode::<Payload>(token, key, &validation).ok()?.claims.claims()
    }
}

/// Whom a token is for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The person.
    pub user: Uuid,
    /// The session.
    pub session: Uuid,
    /// The organization, where there is one.
    pub home: Option<Home>,
}

fn pair(secret: &Secret, kid: &str) -> Result<Ed25519KeyPair, KeyError> {
    let seed = aws_lc_rs::hmac::sign(&secret.key("access tokens"), kid.as_bytes());
    Ed25519KeyPair::from_seed_unchecked(seed.as_ref()).map_err(|_| KeyError("the seed was refused"))
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Role;

    fn tokens(issuer: &str, ttl: u64) -> Tokens {
        let secret = Secret::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let config = IdentityConfig {
            issuer: issuer.to_owned(),
            access_ttl: Duration::from_secs(ttl),
            ..IdentityConfig::default()
        };
        Tokens::new(&secret, &["k1".to_owned()], &config).unwrap()
    }

    fn subject() -> Subject {
        Subject {
            user: Uuid::new_v4(),
            session: Uuid::new_v4(),
            home: Some(Home { tenant: TenantId::random(), shard: Shard(0), role: Role::Member.into() }),
        }
    }

    #[test]
    fn a_token_is_read_back_and_only_by_its_issuer() {
        let ours = tokens("a", 60);
        let subject = subject();
        let token = ours.sign(&subject).unwrap();
        assert_eq!(ours.verify(&token).unwrap().home.as_deref(), subject.home.as_ref());
        let nowhere = Subject { home: None, ..subject };
        assert_eq!(ours.verify(&ours.sign(&nowhere).unwrap()).unwrap().home, None);
        assert!(tokens("b", 60).verify(&token).is_none());
    }

    #[test]
    fn expired_or_touched_tokens_are_refused() {
        let ours = tokens("a", 0);
        assert!(ours.verify(&ours.sign(&subject()).unwrap()).is_none());
        let ours = tokens("a", 60);
        let token = ours.sign(&subject()).unwrap();
        for at in [5, token.len() / 2, token.len() - 5] {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(ours.verify(&String::from_utf8(bytes).unwrap()).is_none());
        }
    }

    #[test]
    fn headers_that_bring_their_own_key_are_refused() {
        let ours = tokens("a", 60);
        let (_, key) = &ours.signing;
        let token = ours.sign(&subject()).unwrap();
        let claims: serde_json::Value = jsonwebtoken::dangerous::insecure_decode(&token).unwrap().claims;
        let base = Header { typ: Some(TYP.to_owned()), kid: Some("k1".to_owned()), ..Header::new(Algorithm::EdDSA) };
        for header in [
            Header { typ: Some("JWT".to_owned()), ..base.clone() },
            Header { kid: Some("k2".to_owned()), ..base.clone() },
            Header { kid: None, ..base.clone() },
            Header { jku: Some("https://evil.example".to_owned()), ..base.clone() },
            Header { x5u: Some("https://evil.example".to_owned()), ..base.clone() },
        ] {
            assert!(ours.verify(&encode(&header, &claims, key).unwrap()).is_none());
        }
        assert!(ours.verify(&encode(&base, &claims, key).unwrap()).is_some());
    }
}

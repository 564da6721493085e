//! What is taken for an access token, and what is not.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::TestPlatform;

use crate::platform;

pub(super) fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn forged(header: &Value, claims: &Value, signature: &str) -> String {
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", encoded(header), encoded(claims))
}

async fn is_refused(platform: &TestPlatform, token: &str) {
    let start: String = token.chars().take(60).collect();
    for path in ["/contacts", "/users/me", "/organization", "/modules"] {
        let refused = platform.client(token).get(path).await.problem(401, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), "Bearer", "{start}");
    }
}

/// A token that nobody signed, or that was signed with what everybody knows, is none.
#[tokio::test]
async fn a_forged_token_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = acme.owner().token();
    let (header, claims) = (part(token, 0), part(token, 1));
    let signature = token.rsplit('.').next().unwrap();
    let with = |value: &Value, field: &str, new: Value| {
        let mut value = value.clone();
        value[field] = new;
        value
    };

    for alg in ["none", "None", "NONE", "HS256", "RS256", "EdDSA", ""] {
        let header = with(&header, "alg", json!(alg));
        is_refused(&platform, &forged(&header, &claims, "")).await;
    }
    let jwks = platform.anonymous().get("/.well-known/jwks.json").await.expect(200);
    let x = jwks.body["keys"][0]["x"].as_str().unwrap();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
    for public in [x.as_bytes(), &bytes, jwks.text.as_bytes()] {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = jwks.body["keys"][0]["kid"].as_str().map(str::to_owned);
        let confused = encode(&header, &claims, &EncodingKey::from_secret(public)).unwrap();
        is_refused(&platform, &confused).await;
    }
    for (field, value) in
        [("role", json!("admin")), ("exp", json!(u64::MAX)), ("exp", json!("2099")), ("tid", json!(1))]
    {
        is_refused(&platform, &forged(&header, &with(&claims, field, value), signature)).await;
    }
    for (field, value) in [("jku", "https://evil.example"), ("kid", "../../key"), ("crit", "exp"), ("typ", "JWT")] {
        is_refused(&platform, &forged(&with(&header, field, json!(value)), &claims, signature)).await;
    }
}

/// What is no token at all is refused without a word about why.
#[tokio::test]
async fn garbage_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = acme.owner().token().to_owned();
    let mut refusals = Vec::new();
    let cut = &token[..token.len() - 1];
    let oversize = "a".repeat(9000);
    for garbage in ["x", "..", "a.b.c", "null", cut, &format!("{token}A"), &format!("{token}.{token}"), &oversize] {
        refusals.push(platform.client(garbage).get("/contacts").await.problem(401, "unauthenticated").text);
    }
    assert!(refusals.iter().all(|text| *text == refusals[0]), "{refusals:?}");
    let anonymous = platform.anonymous();
    for header in [format!("Basic {token}"), token.clone(), format!("Bearer  {token}"), "Bearer".to_owned()] {
        let request = anonymous.request(Method::GET, "/contacts").header("authorization", header);
        anonymous.send(request).await.problem(401, "unauthenticated");
    }
    let twice = acme.owner().request(Method::GET, "/contacts").header("authorization", format!("Bearer {token}"));
    anonymous.send(twice).await.problem(401, "unauthenticated");
    let lower_case = anonymous.request(Method::GET, "/contacts").header("authorization", format!("bearer {token}"));
    anonymous.send(lower_case).await.expect(200);
    let in_the_query = anonymous.get(&format!("/contacts?access_token={token}")).await;
    assert!(in_the_query.status == 400 && !in_the_query.text.contains(&token), "{}", in_the_query.text);
}

/// A token is good until it expires, and no longer.
#[tokio::test]
async fn an_expired_token_is_refused() {
    let platform =
        TestPlatform::start_with(tenantry::MODULES, |config| config.identity.access_ttl = Duration::ZERO).await;
    let acme = platform.organization("Acme").await;
    is_refused(&platform, acme.owner().token()).await;
}

/// A token of another installation is refused, though its people and tenants may be called the same.
#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    let change = |config: &mut tenantry_core::config::Config| config.identity.issuer = "https://other.example".into();
    let other = TestPlatform::start_with(tenantry::MODULES, change).await;
    let (platform, acme) = (platform().await, other.organization("Acme").await);
    is_refused(&platform, acme.owner().token()).await;
    acme.owner().get("/contacts").await.expect(200);
}

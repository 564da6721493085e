//! What is taken for a token and what is not, with the keys at hand.

use uuid::Uuid;

use super::*;
use crate::permission::Role;
use crate::tenancy::{Shard, TenantId};

fn tokens(issuer: &str, ttl: u64) -> Tokens {
    let secret = Secret::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let config =
        IdentityConfig { issuer: issuer.to_owned(), access_ttl: Duration::from_secs(ttl), ..IdentityConfig::default() };
    Tokens::new(&secret, &["k1".to_owned()], &config).unwrap()
}

fn subject() -> Subject {
    Subject {
        user: Uuid::new_v4(),
        session: Uuid::new_v4(),
        home: Some(Home { tenant: TenantId::random(), shard: Shard(0), role: Role::Member.into() }),
        support: false,
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
    let keys = ours.keys();
    let (_, key) = &keys.signing;
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

#[test]
fn claims_that_are_not_as_ours_are_refused() {
    let ours = tokens("a", 60);
    let keys = ours.keys();
    let (kid, key) = &keys.signing;
    let header = Header { typ: Some(TYP.to_owned()), kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
    let token = ours.sign(&subject()).unwrap();
    let claims: serde_json::Value = jsonwebtoken::dangerous::insecure_decode(&token).unwrap().claims;
    let accepted = |claims: &serde_json::Value| ours.verify(&encode(&header, claims, key).unwrap()).is_some();
    assert!(accepted(&claims));
    for (name, value) in [
        ("exp", json!("4102444800")),
        ("exp", json!(-1)),
        ("exp", json!(null)),
        ("nbf", json!(4_102_444_800_u64)),
        ("iss", json!("b")),
        ("aud", json!("b")),
        ("aud", json!(["b"])),
        ("sub", json!("x")),
        ("tid", json!(null)),
        ("role", json!("root")),
        ("shd", json!(null)),
        ("admin", json!(true)),
    ] {
        let mut other = claims.clone();
        other[name] = value;
        assert!(!accepted(&other), "{name}: {}", other[name]);
    }
    for name in ["exp", "iss", "aud", "sub", "sid", "tid", "role", "shd", "iat"] {
        let mut other = claims.clone();
        other.as_object_mut().unwrap().shift_remove(name);
        assert!(!accepted(&other), "without {name}");
    }
    assert!(ours.verify(&format!("{token}{}", "A".repeat(9000))).is_none());
}

#[test]
fn keys_are_replaced() {
    let kids: Vec<String> = ["a", "b"].map(|letter| letter.repeat(32)).into();
    let ours = tokens("a", 60);
    ours.replace(&kids[..1]).unwrap();
    let old = ours.sign(&subject()).unwrap();
    ours.replace(&[kids[1].clone(), kids[0].clone()]).unwrap();
    let new = ours.sign(&subject()).unwrap();
    assert!(ours.verify(&old).is_some() && ours.verify(&new).is_some());
    assert!(!ours.is_of_unknown_key(&old));
    ours.replace(&kids[1..]).unwrap();
    assert!(ours.verify(&old).is_none() && ours.verify(&new).is_some());
    assert!(ours.is_of_unknown_key(&old) && !ours.is_of_unknown_key("x") && !ours.is_of_unknown_key(&new));
    assert!(ours.replace(&[]).is_err());
    assert!(ours.verify(&new).is_some());
}

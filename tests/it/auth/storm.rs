//! A storm of sign-ins: passwords cost time, and only a bounded part of it is spent at once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::platform;

/// Of many sign-ins at once a bounded number waits and the others are told to come back; everything else is answered
/// meanwhile.
#[tokio::test]
async fn a_storm_of_sign_ins_starves_nobody() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let storm = (0..300).map(|n| {
        let anonymous = platform.anonymous();
        let body = json!({ "email": format!("{n}@example.com"), "password": "wrong horse battery staple" });
        async move { anonymous.post("/auth/login", body).await }
    });
    let slowest = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let began = Instant::now();
            acme.owner().get("/contacts").await.expect(200);
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    let (replies, slowest) = tokio::join!(join_all(storm), slowest);
    let (mut refused, mut busy) = (0, 0);
    for reply in replies {
        match reply.status.as_u16() {
            401 => refused += 1,
            503 => {
                assert_eq!(reply.problem(503, "unavailable").header("retry-after"), "1");
                busy += 1;
            }
            other => panic!("{other}: {}", reply.text),
        }
    }
    assert!(refused > 0 && busy > 0 && refused + busy == 300, "{refused} {busy}");
    // The machine of a test may be busy with others, hence the wide margin; a storm without bounds takes far longer.
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
}

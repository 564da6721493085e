//! `tenantry jobs`: what waits, what was given up, and having that tried again.

use serde_json::Value;
use tenantry_core::config::Secret;

use super::program::{command_on, finish};
use crate::platform;
use crate::support::count;

#[tokio::test]
async fn what_was_given_up_can_be_tried_again() {
    let platform = platform().await;
    let secret = Secret::generate();
    let jobs = async |arguments: &[&str]| {
        let arguments: Vec<&str> = ["jobs"].iter().chain(arguments).copied().collect();
        finish(command_on(platform.database(), &secret, &arguments)).await
    };
    let (code, said, _) = jobs(&["status"]).await;
    assert!(code == 0 && said.contains("nothing waits"), "{code} {said}");

    let database = platform.database().superuser().await;
    let give_up = "INSERT INTO platform.outbox (id, topic, payload, attempts, dead_at, reason)
        VALUES (gen_random_uuid(), 'elsewhere', 'x', 10, now(), 'the relay refused it') RETURNING id::text";
    let id: String = database.query_one(give_up, &[]).await.unwrap().get(0);
    let (code, said, _) = jobs(&["status"]).await;
    assert!(code == 1 && said.contains("elsewhere") && said.contains("1 given up"), "{code} {said}");
    let (code, said, _) = jobs(&["dead", "--json"]).await;
    let dead: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!((code, dead["id"].as_str(), dead["reason"].as_str()), (0, Some(&*id), Some("the relay refused it")));

    assert_eq!(jobs(&["retry", "00000000-0000-0000-0000-000000000000"]).await.0, 1);
    let (code, said, _) = jobs(&["retry", &id]).await;
    assert!(code == 0 && said.contains("1 will be tried again"), "{code} {said}");
    let waiting = "SELECT count(*) FROM platform.outbox WHERE dead_at IS NULL AND attempts = 0 AND due_at <= now()";
    assert_eq!(count(&database, waiting).await, 1);
    let (code, said, _) = jobs(&["status", "--json"]).await;
    let kind: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!((code, kind["due"].as_i64(), kind["given_up"].as_i64()), (0, Some(1), Some(0)));

    assert_eq!(jobs(&["retry"]).await.0, 2);
    assert_eq!(jobs(&["retry", "--all", "--kind", "mail"]).await.0, 0);
}

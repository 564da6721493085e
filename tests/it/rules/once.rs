//! A rule runs once for an event, however often it hears of it.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::worker::Worker;

use super::{HURRY, contact, platform, rule, runs, set, settle, sql};

/// A listener that begins anew hears all again, and does nothing.
#[tokio::test]
async fn a_replay_changes_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let me = owner.get("/users/me").await.expect(200).id().to_owned();
    let actions = json!([set("notes", "seen"), { "notify": { "user_id": me, "text": "Somebody new." } }]);
    let path = rule(owner, json!(["contact.created"]), json!([]), actions).await;
    let mut contacts = Vec::new();
    for n in 0..15 {
        contacts.push(contact(owner, &format!("Number {n}")).await);
    }
    for _ in 0..3 {
        settle(&platform, &acme).await;
        let again = "UPDATE listeners SET position = 0, due_at = now();
            UPDATE contacts SET notes = NULL WHERE notes IS NOT NULL";
        sql(&platform, &acme, again).await;
    }
    settle(&platform, &acme).await;
    let all = owner.get(&format!("{path}/runs?limit=200")).await.expect(200);
    assert_eq!(all.items().len(), 15);
    let set = owner.get(&contacts[0]).await.expect(200);
    assert!(set.body["notes"].is_null(), "it was set again: {}", set.text);
    let database = crate::support::superuser_in(&platform, &acme).await;
    assert_eq!(crate::support::count(&database, "SELECT count(*) FROM notices WHERE kind = 'rule-ran'").await, 15);
}

/// Several workers that hear the same at once, as after a lease that was over too soon.
#[tokio::test]
async fn two_workers_run_it_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = rule(owner, json!(["contact.created"]), json!([]), json!([set("notes", "seen")])).await;
    for n in 0..40 {
        contact(owner, &format!("Number {n}")).await;
    }
    platform.seal().await;
    let workers: Vec<Worker> = (0..4).map(|_| Worker::new(platform.platform().clone())).collect();
    let over = "UPDATE listeners SET due_at = now() - interval '1 second', claim = NULL WHERE head > position";
    for _ in 0..5 {
        let turns = join_all(workers.iter().map(|worker| worker.listen()));
        let thief = async {
            for _ in 0..20 {
                sql(&platform, &acme, over).await;
            }
        };
        let (heard, ()) = futures_util::future::join(turns, thief).await;
        heard.into_iter().for_each(|turn| assert!(turn.is_ok()));
    }
    sql(&platform, &acme, HURRY).await;
    settle(&platform, &acme).await;
    assert_eq!(runs(owner, &path).await.len(), 40);
    let database = crate::support::superuser_in(&platform, &acme).await;
    let twice = "SELECT count(*) FROM contacts WHERE version <> 2 OR notes IS DISTINCT FROM 'seen'";
    assert_eq!(crate::support::count(&database, twice).await, 0);
}

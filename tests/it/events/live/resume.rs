//! Going on after a pause: nothing is lost, nothing is told twice, and what cannot be told is said.

use reqwest::Method;
use serde_json::Value;
use tenantry_core::testing::{TestClient, TestListener};

use super::{contact, record};
use crate::platform;
use crate::support::superuser_in;

async fn again(client: &TestClient, last: Option<i64>) -> TestListener {
    let request = client.request(Method::GET, "/live").header("last-event-id", last.expect("an id"));
    client.listen_by(request).await
}

/// While others write, a listener comes and goes; it hears each change once, in order.
#[tokio::test]
async fn nothing_is_lost_and_nothing_is_told_twice() {
    const WRITES: usize = 120;
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    platform.seal().await;
    let mut live = viewer.listen("/live").await;
    live.missed().await;
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let owner = acme.owner().clone();
            tokio::spawn(async move {
                let mut made = Vec::new();
                for n in 0..WRITES / 3 {
                    made.push(contact(&owner, &format!("Number {writer} {n}")).await);
                }
                made
            })
        })
        .collect();
    let mut heard: Vec<Value> = Vec::new();
    let (mut visits, mut last) = (0, live.last);
    while heard.len() < WRITES {
        // As long as a visit lasts, what was told is complete: the id is that of the last event that was read.
        for _ in 0..=(visits * 7) % 11 {
            if heard.len() < WRITES {
                heard.push(live.event().await);
                last = live.last;
            }
        }
        visits += 1;
        drop(live);
        live = again(&viewer, last).await;
    }
    let mut made = Vec::new();
    for writer in writers {
        made.extend(writer.await.expect("a writer"));
    }
    println!("{visits} visits");
    assert!(heard.is_sorted_by(|a, b| a["position"].as_i64() < b["position"].as_i64()));
    let mut told: Vec<&str> = heard.iter().map(record).collect();
    told.sort_unstable();
    made.sort_unstable();
    assert_eq!(told, made);
    assert_eq!(live.missed().await, Vec::<Value>::new());
}

/// `after` is as good as the header, which goes before it.
#[tokio::test]
async fn what_was_missed_comes_first() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    platform.seal().await;
    let before = owner.get("/events?limit=200").await.expect(200).body["last"].as_i64().expect("a position");
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(contact(owner, &format!("Number {n}")).await);
    }
    platform.seal().await;
    let missed = owner.listen(&format!("/live?after={before}")).await.missed().await;
    assert_eq!(missed.iter().map(record).collect::<Vec<_>>(), ids);
    let request = owner.request(Method::GET, "/live?after=0").header("last-event-id", before + 2);
    let missed = owner.listen_by(request).await.missed().await;
    assert_eq!(missed.iter().map(record).collect::<Vec<_>>(), &ids[2..]);
}

/// Who goes on from where nobody has been, or from too long ago, is told to begin anew.
#[tokio::test]
async fn who_cannot_go_on_begins_anew() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    contact(acme.owner(), "Lovelace").await;
    platform.seal().await;
    let mut live = viewer.listen("/live?after=1000000").await;
    let block = live.next().await.expect("a beginning");
    assert_eq!(block.event, "reset");
    live.missed().await;
    let id = contact(acme.owner(), "Byron").await;
    assert_eq!(record(&live.event().await), id);

    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("UPDATE journal SET at = at - interval '61 minutes'").await.expect("a past");
    assert_eq!(viewer.listen("/live?after=1").await.next().await.expect("a beginning").event, "reset");
    // Who may read the feed may go back as far as it does.
    assert_eq!(acme.owner().listen("/live?after=1").await.next().await.expect("a beginning").event, "");
    database.batch_execute("UPDATE journal SET at = at - interval '30 days'").await.expect("a past");
    assert_eq!(acme.owner().listen("/live?after=1").await.next().await.expect("a beginning").event, "reset");
}

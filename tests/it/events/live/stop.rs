//! Stopping the server: who listens is told, and is no reason to wait.

use std::time::{Duration, Instant};

use crate::platform;

/// Streams end at once, and the server with them.
#[tokio::test]
async fn the_server_does_not_wait_for_who_listens() {
    let mut platform = platform().await;
    let acme = platform.organization("Acme").await;
    let mut live = Vec::new();
    for _ in 0..5 {
        live.push(acme.owner().listen("/live").await);
    }
    for live in &mut live {
        live.missed().await;
    }
    let began = Instant::now();
    let ends = futures_util::future::join_all(live.iter_mut().map(|live| live.end()));
    let (served, ends) = tokio::join!(platform.stop(), ends);
    assert_eq!(served.aborted, 0);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(ends.iter().all(|(_, why)| why == "end: the server stops; go on from the last id"), "{ends:?}");
}

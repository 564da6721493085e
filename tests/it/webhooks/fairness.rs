//! One organization's dead endpoints are nobody else's trouble.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpListener;

use super::{Endpoint, Receiver, contact, platform};

/// While an organization's endpoints all keep their connections and say nothing, another one's hears at once.
#[tokio::test]
async fn a_dead_endpoint_delays_no_other_tenant() {
    let platform = platform().await;
    let (acme, hill) = (platform.organization("Acme").await, platform.organization("Hill").await);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = json!({ "url": format!("http://{}/", silent.local_addr().unwrap()), "events": ["contact.*"] });
    for _ in 0..20 {
        acme.owner().post("/webhooks", dead.clone()).await.expect(201);
    }
    let held = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((socket, _)) = silent.accept().await {
            held.push(socket);
            if held.len() == 20 {
                break;
            }
        }
        held
    });
    let receiver = Receiver::content().await;
    Endpoint::make(hill.owner(), &receiver, json!(["contact.*"])).await;
    contact(acme.owner(), "Lovelace").await;
    // All twenty are being told, and say nothing.
    let held = tokio::time::timeout(Duration::from_secs(20), held).await.expect("twenty connections").unwrap();
    let began = Instant::now();
    for n in 0..5 {
        contact(hill.owner(), &format!("Number {n}")).await;
    }
    while receiver.got().len() < 5 {
        assert!(began.elapsed() < Duration::from_secs(10), "Hill waits for Acme's endpoints");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(held);
}

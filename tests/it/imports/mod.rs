//! `/api/v1/imports`

mod custom;
mod files;
mod kills;
mod runs;

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;
use tenantry_core::testing::{Reply, TestClient};

/// Sends a file for an import.
pub async fn send(client: &TestClient, import: &Reply, file: impl Into<reqwest::Body>) -> Reply {
    let path = format!("{}/file", import.header("location"));
    client.send(client.request(Method::PUT, &path).header("content-type", "text/csv").body(file)).await
}

/// Prepares an import and sends its file.
pub async fn import(client: &TestClient, new: Value, file: impl Into<reqwest::Body>) -> Value {
    let made = client.post("/imports", new).await.expect(201);
    send(client, &made, file).await.expect(200);
    over(client, made.header("location")).await
}

/// An import once it is over.
pub async fn over(client: &TestClient, path: &str) -> Value {
    let began = Instant::now();
    loop {
        let now = client.get(path).await.expect(200).body;
        if !now["finished_at"].is_null() {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{now}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
